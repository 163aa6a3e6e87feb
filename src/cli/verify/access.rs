//! Whom requests are sent as and which way they take: flags over faithful.toml. Secrets come from the environment or
//! from files; no error repeats one.

mod login;
mod secrets;

use crate::config::{AuthEntry, ClientAuth, Config, LoginEntry, NamedTarget, OauthEntry};
use crate::replay::auth::{Account, Credentials, Documented, Field, Grant, Login, Placement, Secret};
use crate::replay::{Access, Authorities, Certificates, Limits, Proxy, ProxyUrl, Reach};
use crate::secret::Secrets;
use crate::verify::Verifier;
use clap::Args;
use secrets::Rim;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Credentials and connections.
#[derive(Debug, Args)]
#[command(next_help_heading = "Auth")]
pub(super) struct AccessFlags {
    /// Send the bearer token that this environment variable holds
    #[arg(long, value_name = "VAR", conflicts_with = "user_env")]
    bearer_env: Option<String>,
    /// Log in with the user:password that this environment variable holds
    #[arg(long, value_name = "VAR")]
    user_env: Option<String>,
    /// Send this field with every request to the target; $VAR in it is an environment variable, and what carries a
    /// credential must come from one: 'X-Api-Key: $KEY'
    // No parser of its own: the error would repeat the value.
    #[arg(short = 'H', long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// Check the service's certificate against the authorities in this PEM file
    #[arg(long, value_name = "FILE", help_heading = "Where")]
    ca_cert: Option<PathBuf>,
    /// Do not check the certificate of a target on this machine
    #[arg(long, help_heading = "Where")]
    insecure: bool,
    /// The proxy before targets other than this machine, or none [default: as the environment says]
    #[arg(long, value_name = "URL|none", help_heading = "Where")]
    proxy: Option<String>,
    /// For changes by strangers: ignore the targets and accounts of faithful.toml, read no environment variable for it,
    /// and send to this machine alone
    #[arg(long, help_heading = "Safety")]
    pub(super) untrusted: bool,
}

/// What flags are weighed against.
pub(super) struct Around<'g> {
    pub(super) config: &'g Config,
    /// The target by its name, where it was named.
    pub(super) named: Option<(&'g str, &'g NamedTarget)>,
    pub(super) environment: &'g dyn Fn(&str) -> Option<String>,
    pub(super) limits: &'g Limits,
}

impl AccessFlags {
    /// Whether a flag stands for this setting of a target.
    pub(super) fn says(&self, setting: &str) -> bool {
        match setting {
            "auth" => self.bearer_env.is_some() || self.user_env.is_some(),
            "headers" => !self.header.is_empty(),
            "ca_cert" => self.ca_cert.is_some() || self.insecure,
            "proxy" => self.proxy.is_some(),
            _ => false,
        }
    }

    /// Has a verifier reach its target so, and be known there; and what the user should know of that.
    pub(super) fn grant(
        &self,
        verifier: Verifier,
        given: &Around<'_>,
    ) -> Result<(Verifier, Vec<String>), String> {
        let secrets = verifier.secrets().clone();
        let rim = Rim::new(given.environment, &given.config.folder, &secrets);
        if verifier.target_url().is_none() {
            if self.bearer_env.is_some() || self.user_env.is_some() || !self.header.is_empty() {
                return Err("credentials and fields are for a service: give --target URL as well".into());
            }
            return Ok((verifier, Vec::new()));
        }
        let access = self.access(given, &rim, secrets.clone())?;
        let credentials = self.credentials(given, &rim, &access)?;
        let documented = given.named.map(|(_, named)| named.accounts.clone()).unwrap_or_default();
        let verifier = verifier.access(access).credentials(credentials, Documented(documented));
        Ok((verifier, rim.warnings()))
    }

    fn access(&self, given: &Around<'_>, rim: &Rim<'_>, secrets: Secrets) -> Result<Access, String> {
        let named = given.named;
        let file = match (&self.ca_cert, named.and_then(|(_, named)| named.ca_cert.as_ref())) {
            (Some(file), _) => Some(("--ca-cert".to_owned(), file.clone())),
            (None, Some(file)) => Some(("ca_cert".to_owned(), given.config.folder.join(file))),
            (None, None) => None,
        };
        let authorities = file.map(|(said, file)| authorities(&said, &file)).transpose()?;
        let proxy = match (&self.proxy, named.and_then(|(name, named)| Some((name, named.proxy.as_ref()?)))) {
            (Some(url), _) => proxy(url, "--proxy")?,
            (None, Some((name, url))) => proxy(&rim.filled(url)?, &format!("[target.{name}] proxy"))?,
            (None, None) => Proxy::System,
        };
        if let (Some(_), Proxy::At(url)) = (&self.proxy, &proxy)
            && url.holds_a_login()
        {
            return Err("--proxy: a password on the command line is seen by everybody on this machine; set \
                        HTTPS_PROXY or HTTP_PROXY instead"
                .into());
        }
        let certificates = if self.insecure { Certificates::Unchecked } else { Certificates::Checked };
        let reach = if self.untrusted { Reach::ThisMachine } else { Reach::Anywhere };
        Ok(Access { authorities, certificates, proxy, reach, secrets })
    }

    fn credentials(&self, given: &Around<'_>, rim: &Rim<'_>, access: &Access) -> Result<Credentials, String> {
        let account = |place: &str, entry: &LoginEntry| account(place, entry, rim, access, given.limits);
        // What an account is granted is granted to it once, however it is named.
        let mut read: BTreeMap<String, Account> = BTreeMap::new();
        let known = |place: &str, name: &str| {
            let unknown = || {
                format!(
                    "{place}: no account is called {name} in {}; add [account.{name}]",
                    crate::config::FILE
                )
            };
            given.config.account.get(name).ok_or_else(unknown)
        };
        let mut own = Account::default();
        if let Some((name, named)) = given.named {
            own.fields = fields(&format!("[target.{name}.headers]"), &named.headers, rim)?;
            let place = format!("[target.{name}] auth");
            // A login of the command line stands for that of the file, which need not be at hand then.
            let filed = named.auth.as_ref().filter(|_| self.bearer_env.is_none() && self.user_env.is_none());
            let filed = match filed {
                Some(AuthEntry::Account(name)) => {
                    let entry = account(&place, known(&place, name)?)?;
                    read.insert(name.clone(), entry.clone());
                    entry
                }
                Some(AuthEntry::Login(login)) => account(&place, login)?,
                None => Account::default(),
            };
            own = over(&own, filed);
        }
        let mut flags = Account::default();
        if let Some(name) = &self.bearer_env {
            flags.login = Some(Login::Bearer(rim.variable("--bearer-env", name)?));
        }
        if let Some(name) = &self.user_env {
            flags.login = Some(Login::Basic(rim.pair("--user-env", name)?));
        }
        for header in &self.header {
            flags.fields.push(rim.field(header)?);
        }
        if flags.login.is_some() && flags.fields.iter().any(|field| field.name() == "authorization") {
            return Err("-H Authorization and a login: leave one of the two out".into());
        }
        let of_pages = given.named.into_iter().flat_map(|(name, named)| {
            let place = format!("[target.{name}.accounts]");
            named.accounts.values().map(move |of| (place.clone(), of.as_str()))
        });
        let of_steps = given.config.flows.iter().filter(|_| !self.untrusted).flat_map(|flow| {
            let place = format!("[[flow]] {}", flow.name);
            flow.accounts().map(move |of| (place.clone(), of))
        });
        let mut accounts = BTreeMap::new();
        for (place, of) in of_pages.chain(of_steps) {
            if accounts.contains_key(of) {
                continue;
            }
            let entry = match read.get(of) {
                Some(entry) => entry.clone(),
                None => account(&format!("[account.{of}]"), known(&place, of)?)?,
            };
            // What the target's own requests carry beside their login goes with all.
            let carried = Account { login: None, fields: own.fields.clone() };
            let entry = over(&over(&carried, Account { login: None, ..flags.clone() }), entry);
            accounts.insert(of.to_owned(), entry);
        }
        Ok(Credentials { own: over(&own, flags), accounts })
    }
}

/// Both, the second where both say something.
fn over(base: &Account, top: Account) -> Account {
    let kept = base.fields.iter().filter(|field| top.fields.iter().all(|other| other.name() != field.name()));
    let fields = kept.cloned().chain(top.fields.iter().cloned()).collect();
    Account { login: top.login.or_else(|| base.login.clone()), fields }
}

fn authorities(said: &str, file: &Path) -> Result<Authorities, String> {
    let pem = fs::read(file)
        .map_err(|error| format!("{said} {}: {error}; name a file of certificates in PEM", file.display()))?;
    Ok(Authorities { file: file.display().to_string(), pem })
}

fn proxy(url: &str, source: &str) -> Result<Proxy, String> {
    match url.trim() {
        "none" => Ok(Proxy::None),
        url => ProxyUrl::parse(url, source).map(Proxy::At),
    }
}

fn fields(place: &str, headers: &BTreeMap<String, String>, rim: &Rim<'_>) -> Result<Vec<Field>, String> {
    headers.iter().map(|(name, value)| rim.filed_field(place, name, value)).collect()
}

/// An account of the file.
fn account(
    place: &str,
    entry: &LoginEntry,
    rim: &Rim<'_>,
    access: &Access,
    limits: &Limits,
) -> Result<Account, String> {
    entry.check().map_err(|wrong| format!("{place}: {wrong}"))?;
    let login = match entry {
        LoginEntry { bearer: Some(source), .. } => {
            Some(Login::Bearer(rim.secret(&format!("{place} bearer"), source)?))
        }
        LoginEntry { basic: Some(source), .. } => {
            Some(Login::Basic(rim.filed_pair(&format!("{place} basic"), source)?))
        }
        LoginEntry { oauth: Some(oauth), .. } => Some(grant(place, oauth, rim, access, limits)?),
        _ => None,
    };
    Ok(Account { login, fields: fields(place, &entry.headers, rim)? })
}

fn grant(
    place: &str,
    entry: &OauthEntry,
    rim: &Rim<'_>,
    access: &Access,
    limits: &Limits,
) -> Result<Login, String> {
    let secret: Secret = rim.secret(&format!("{place} client_secret"), &entry.client_secret)?;
    let placement = match entry.client_auth {
        ClientAuth::Header => Placement::Header,
        ClientAuth::Body => Placement::Body,
    };
    let client = (rim.filled(&entry.client_id)?, secret);
    let grant = Grant::new(&rim.filled(&entry.token_url)?, client, placement, limits, access)
        .map_err(|error| format!("{place} {error}"))?;
    Ok(Login::ClientCredentials(Arc::new(grant.scope(entry.scope.clone(), entry.audience.clone()))))
}
