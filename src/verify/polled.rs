//! Where an operation is asked after: the place that an answer names, on the target or nowhere.

use crate::contract::Contract;
use crate::contract::url::DocumentedUrl;
use crate::replay::flow::own_request;
use crate::replay::target::{Target, normal_origin};

/// The request that asks after the operation at a Location, as if the contract's page had documented it; why there is
/// none. The answer is the target's: it is not trusted to lead anywhere else.
pub(super) fn request(target: &Target, asked: &Contract, location: &str) -> Result<Contract, String> {
    let origin = DocumentedUrl::new(&asked.request.url).origin;
    let base = target.base(&DocumentedUrl::new(&asked.request.url));
    let base = base.map_or_else(|| target.url.as_str(), |base| base.as_str());
    let place = DocumentedUrl::new(location);
    let at_base = DocumentedUrl::new(base);
    // On the target's own origin the path is the target's, on the docs' it is as documented.
    let named = place.origin.map(normal_origin);
    let (own, documented) = match (&named, place.origin) {
        (None, _) if location.starts_with('/') && !location.starts_with("//") && !location.contains('\\') => {
            (true, origin)
        }
        (Some(_), _) if at_base.origin.map(normal_origin) == named => (true, origin),
        (_, Some(named)) if !target.takes_all && target.base(&place).is_some() => (false, Some(named)),
        (_, other) => {
            return Err(format!(
                "names an operation on {}, neither the target's origin nor the docs': it is not asked after",
                other.unwrap_or("another origin")
            ));
        }
    };
    let path = match (own, place.path.strip_prefix(at_base.path)) {
        (true, Some(below)) if below.is_empty() || below.starts_with('/') => below,
        _ => place.path,
    };
    // The prefix that is taken off documented paths is put before one that is not documented.
    let prefix = target.strip_prefix.as_deref().map(|prefix| prefix.trim_matches('/')).filter(|_| own);
    let prefix =
        prefix.filter(|prefix| !prefix.is_empty()).map_or_else(String::new, |prefix| format!("/{prefix}"));
    let query = place.query.map_or_else(String::new, |query| format!("?{query}"));
    let below = format!("{prefix}{path}{query}").split('#').next().unwrap_or_default().to_owned();
    // Brackets are no placeholders here: nothing of the user's is put in.
    let below = below.replace('{', "%7B").replace('}', "%7D").replace('<', "%3C").replace('>', "%3E");
    let url = format!("{}{below}", documented.unwrap_or_default());
    let request = crate::contract::DocumentedRequest {
        method: "GET".to_owned(),
        url,
        ..crate::contract::DocumentedRequest::default()
    };
    Ok(own_request(asked.id.as_str(), request, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::DocumentedRequest;
    use crate::replay::gate::{ForeignHosts, Gates, Mutations, Plan, plan};
    use crate::replay::target::TargetUrl;
    use crate::replay::variables::{Spelling, Variables};
    use rstest::rstest;

    fn sent(location: &str) -> Result<String, String> {
        let target = Target {
            strip_prefix: Some("/v1.0".into()),
            docs_origin: Some("https://api.example".into()),
            takes_all: false,
            ..Target::of_all(TargetUrl::parse("http://127.0.0.1:8080/api").unwrap())
        };
        let request =
            DocumentedRequest { url: "https://api.example/v1.0/x".into(), ..DocumentedRequest::default() };
        let asked = request_of(&target, request, location)?;
        let gates = Gates { mutations: Mutations::HoldBack, foreign_hosts: ForeignHosts::HoldBack };
        let secret = [("id".to_owned(), "secret".to_owned())].into();
        match plan(&asked, &target, &Variables::default().or(Spelling::Exact, secret), gates) {
            Plan::Send(sent) => Ok(sent.url),
            other => Err(format!("{other:?}")),
        }
    }

    fn request_of(target: &Target, asked: DocumentedRequest, location: &str) -> Result<Contract, String> {
        request(target, &own_request("x", asked, None), location)
    }

    #[rstest]
    #[case("/api/operations/1?a=b", "/api/operations/1?a=b")]
    #[case("/operations/1#x", "/api/operations/1")]
    #[case("/v1.0/operations/1", "/api/v1.0/operations/1")]
    #[case("/apis/1", "/api/apis/1")]
    #[case("http://127.0.0.1:8080/api/operations/1", "/api/operations/1")]
    #[case("https://API.example/v1.0/operations/1", "/api/operations/1")]
    #[case("/operations/{id}", "/api/operations/%7Bid%7D")]
    fn places_on_the_target(#[case] location: &str, #[case] path: &str) {
        assert_eq!(sent(location), Ok(format!("http://127.0.0.1:8080{path}")));
    }

    #[rstest]
    #[case("//evil.example/x")]
    #[case("\\\\evil.example\\x")]
    #[case("/\\evil.example")]
    #[case("https://evil.example/x")]
    #[case("http://127.0.0.1:8081/api/x")]
    #[case("http://127.0.0.1:8080@evil.example/")]
    #[case("operations/1")]
    #[case("/api/../admin")]
    #[case("/x?url=https%3A%2F%2Fevil.example")]
    fn places_elsewhere_are_not_asked(#[case] location: &str) {
        assert!(sent(location).is_err(), "{:?}", sent(location));
    }
}
