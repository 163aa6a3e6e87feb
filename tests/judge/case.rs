//! A case file of the judge: what is documented, sent and answered, and what each profile says of it; see the head of
//! `tests/judge.rs`.

use faithful::contract::{Contract, ContractId, parse};
use faithful::json::{Budget, Json, Value, quote};
use faithful::judge::rules::Rules;
use faithful::judge::{Judgement, compile_with_rules, judge};
use faithful::message::{Body, Framing, Identity, Received, Sent};
use faithful::verdict::{Effect, Level, Mismatch, Profile, RuleByHand, Written};
use std::path::Path;

/// Where the bodies of a case stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrap {
    Nowhere,
    /// Three objects deep.
    Deep,
    /// Each of two elements.
    Element,
}

impl Wrap {
    fn of(case: Value<'_>) -> Vec<Wrap> {
        let json =
            case.pointer("/documented/response/json").is_some() && case.pointer("/answer/json").is_some();
        match text(case, "wrap").as_deref() {
            None if json => vec![Wrap::Nowhere, Wrap::Deep, Wrap::Element],
            Some("depth") => vec![Wrap::Nowhere, Wrap::Deep],
            None | Some("none") => vec![Wrap::Nowhere],
            Some(other) => panic!("wrap: {other}"),
        }
    }

    fn body(self, body: &str) -> String {
        match self {
            Wrap::Nowhere => body.to_owned(),
            Wrap::Deep => format!(r#"{{"a": {{"b": {{"c": {body}}}}}}}"#),
            Wrap::Element => format!(r#"{{"value": [{body}, {body}]}}"#),
        }
    }

    /// The JSON Pointers of the places that a pointer means.
    fn pointers(self, pointer: &str) -> Vec<String> {
        match self {
            Wrap::Nowhere => vec![pointer.to_owned()],
            Wrap::Deep => vec![format!("/a/b/c{pointer}")],
            Wrap::Element => vec![format!("/value/0{pointer}"), format!("/value/1{pointer}")],
        }
    }

    /// The path of a rule by hand that means the same there.
    fn rule(self, at: &str) -> String {
        let rest = at.strip_prefix('$').unwrap();
        match self {
            Wrap::Nowhere => at.to_owned(),
            Wrap::Deep => format!("$.a.b.c{rest}"),
            Wrap::Element => format!("$.value[*]{rest}"),
        }
    }

    /// The places in which a profile tells a mismatch of a place.
    fn told(self, at: &str, profile: Profile) -> Vec<String> {
        let Some(rest) = at.strip_prefix('$') else { return vec![at.to_owned()] };
        match (self, profile) {
            (Wrap::Nowhere, _) => vec![at.to_owned()],
            (Wrap::Deep, _) => vec![format!("$.a.b.c{rest}")],
            (Wrap::Element, Profile::Golden) => {
                vec![format!("$.value[0]{rest}"), format!("$.value[1]{rest}")]
            }
            (Wrap::Element, _) => vec![format!("$.value[*]{rest}")],
        }
    }
}

/// A case file.
pub(crate) struct Case(Json);

/// A case in one place and one profile.
pub(crate) struct Trial {
    wrap: Wrap,
    profile: Profile,
    pub(crate) contract: Contract,
    sent: Sent,
    received: Received,
    budget: Budget,
    /// The rules by hand that the case has.
    pub(crate) rules: Vec<RuleByHand>,
    /// The case file.
    case: Json,
}

impl Case {
    pub(crate) fn read(file: &Path) -> Case {
        let text = std::fs::read_to_string(file).unwrap();
        Case(
            Json::parse_within(text, &Budget::UNLIMITED)
                .unwrap_or_else(|error| panic!("{}: {error}", file.display())),
        )
    }

    /// Every place in which it is judged, in every profile.
    pub(crate) fn trials(&self) -> impl Iterator<Item = Trial> {
        let wraps = Wrap::of(self.0.root()).into_iter();
        wraps.flat_map(|wrap| Profile::ALL.map(|profile| (wrap, profile))).map(|(wrap, profile)| {
            let case = self.0.root();
            let contract = contract(case.get("documented").unwrap(), wrap);
            Trial {
                wrap,
                profile,
                sent: sent(case, &contract, wrap),
                contract,
                received: answer(case, wrap),
                budget: budget(case.get("budget")),
                rules: case
                    .get("rules")
                    .into_iter()
                    .flat_map(|rules| rules.elements().map(|it| rule(it, wrap)))
                    .collect(),
                case: self.0.clone(),
            }
        })
    }
}

impl Trial {
    pub(crate) fn wrap(&self) -> Wrap {
        self.wrap
    }

    pub(crate) fn profile(&self) -> Profile {
        self.profile
    }

    /// What is said of the answer with the rules of the case, and then these.
    pub(crate) fn judge(&self, more: &[RuleByHand]) -> Judgement {
        let rules = Rules::new(self.rules.iter().chain(more).cloned()).unwrap();
        let promise = compile_with_rules(&self.contract, self.profile, &rules);
        judge(&promise, &self.sent, self.received.clone(), &self.budget)
    }

    /// Whether what is said is what the case says; what is not.
    pub(crate) fn check(&self) -> Result<(), String> {
        let (case, wrap, profile) = (self.case.root(), self.wrap, self.profile);
        let judgement = self.judge(&[]);
        let expected = expected(case, profile);
        let context = format!("{profile:?} {wrap:?}\n{judgement:#?}");
        let same = |what: &str, one: &dyn std::fmt::Debug, two: &dyn std::fmt::Debug| {
            let (one, two) = (format!("{one:?}"), format!("{two:?}"));
            if one == two { Ok(()) } else { Err(format!("{what}: {one} is not {two}\n{context}")) }
        };
        let (mismatches, more, checked, unchecked, matched) = match &judgement {
            Judgement::Judged { mismatches, more, checked, unchecked, matched } => {
                (mismatches, *more, *checked, *unchecked, matched)
            }
            Judgement::Unjudgeable(trouble, _) => {
                return same("errored", &Some(trouble.id()), &text(expected, "errored"));
            }
        };
        same("errored", &None::<&str>, &text(expected, "errored"))?;
        let mut left: Vec<&Mismatch> = mismatches.iter().collect();
        for expected in expected.elements() {
            let at = text(expected, "at").unwrap();
            // In a literal reading elements are told one by one, but for what a rule by hand says of each.
            let mut ways = vec![wrap.told(&at, profile), wrap.told(&at, Profile::Service)].into_iter();
            let all = |at: &Vec<String>| {
                at.iter().all(|at| left.iter().any(|mismatch| is(mismatch, expected, at, wrap)))
            };
            let told = ways.find(all).ok_or_else(|| format!("not found: {expected:?}\n{context}"))?;
            for at in told {
                let found = left.iter().position(|mismatch| is(mismatch, expected, &at, wrap));
                // As it stands, they are told in the order of the case.
                same("before it", &found.filter(|_| wrap == Wrap::Nowhere).unwrap_or(0), &0)?;
                found.map(|found| left.remove(found));
            }
        }
        if !left.is_empty() {
            return Err(format!("not expected: {left:#?}\n{context}"));
        }
        let figure = |name: &str| case.get(name).map(|value| value.raw().parse::<usize>().unwrap());
        same("more", &more, &figure("more").unwrap_or_default())?;
        if wrap == Wrap::Nowhere && profile == Profile::Service {
            let expected = (figure("checked").unwrap_or(checked), figure("unchecked").unwrap_or(unchecked));
            same("checked, unchecked", &(checked, unchecked), &expected)?;
        }
        let unmatched =
            case.get("unmatched").into_iter().flat_map(Value::elements).map(|at| at.raw().parse().unwrap());
        let unmatched: Vec<usize> = unmatched.collect();
        same(
            "rules that match nothing",
            &(0..self.rules.len()).filter(|rule| !matched.contains(rule)).collect::<Vec<_>>(),
            &unmatched,
        )
    }
}

/// A rule by hand, for the place where the bodies stand.
fn rule(given: Value<'_>, wrap: Wrap) -> RuleByHand {
    let at = text(given, "at").unwrap();
    let said = given.members().find(|member| member.name() != "at").unwrap();
    let word = said.value.as_str().map(String::from).unwrap_or_default();
    let effect = match &*said.name() {
        "level" => Effect::Level(Level::named(&word).unwrap()),
        "format" => Effect::Format(word),
        "null" => Effect::Null,
        "absent" => Effect::Absent,
        "extra" => Effect::Extra,
        "keys" => Effect::Keys,
        "equals" => Effect::Equals(said.value.to_json()),
        "matches" => Effect::Matches(word),
        other => panic!("rules: {other}"),
    };
    RuleByHand { contract: None, at: wrap.rule(&at), effect, written: Written::Nowhere }
}

/// What a profile should say: a list of mismatches, or why it cannot.
fn expected(case: Value<'_>, profile: Profile) -> Value<'_> {
    let name = |name: &str| name.split(' ').any(|name| name == profile.name());
    case.members().find(|member| name(&member.name())).unwrap().value
}

fn is(mismatch: &Mismatch, expected: Value<'_>, at: &str, wrap: Wrap) -> bool {
    let told = mismatch
        .elements
        .as_ref()
        .map(|elements| format!("{} of {}, first at [{}]", elements.count, elements.of, elements.first));
    let own = text(expected, "elements");
    // Within two equal elements a mismatch of an element of its own is told twice as often.
    let counted = match wrap {
        Wrap::Nowhere | Wrap::Deep => own == told || own.is_none() && at.contains("[*]"),
        Wrap::Element => {
            own.is_some()
                || told.is_none_or(|told| {
                    told == "2 of 2, first at [0]"
                        || text(expected, "at").is_some_and(|at| at.contains("[*]"))
                })
        }
    };
    let first = match (text(expected, "first"), wrap, &mismatch.elements) {
        (Some(first), Wrap::Nowhere, elements) => elements.as_ref().is_some_and(|it| it.path == first),
        _ => true,
    };
    let alike = expected.get("alike").and_then(Value::as_bool);
    let alike = alike.is_none_or(|alike| mismatch.elements.as_ref().is_some_and(|it| it.alike == alike));
    let severity = text(expected, mismatch.severity.name());
    let same = |name, found: &Option<Json>| match expected.get(name) {
        None => true,
        Some(value) => found.as_ref().is_some_and(|found| *found == value.to_json()),
    };
    severity.as_deref() == Some(mismatch.rule.name())
        && mismatch.at == at
        && counted
        && alike
        && first
        && same("expected", &mismatch.expected)
        && same("actual", &mismatch.actual)
}

fn text(object: Value<'_>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(Into::into)
}

/// The documented pair, through the reader of contract files.
fn contract(documented: Value<'_>, wrap: Wrap) -> Contract {
    let mut source = vec![r#""file": "page.md""#.to_owned(), r#""sha256": """#.to_owned()];
    if let Some(given) = documented.get("source") {
        source.extend(given.members().map(|member| format!("{}: {}", member.key.raw(), member.value.raw())));
    }
    let half = |name| {
        let members = documented.get(name).unwrap().members().map(|member| {
            let value = match &*member.name() {
                "json" => wrap.body(member.value.raw()),
                "elided" => {
                    let pointers =
                        member.value.elements().flat_map(|at| wrap.pointers(&at.as_str().unwrap()));
                    let quoted = pointers.map(|pointer| {
                        let mut quoted = String::new();
                        quote(&pointer, &mut quoted);
                        quoted
                    });
                    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
                }
                _ => member.value.raw().to_owned(),
            };
            format!("{}: {value}", member.key.raw())
        });
        members.collect::<Vec<_>>().join(", ")
    };
    let file = format!(
        r#"{{"faithful": 1, "name": "case", "source": {{{}}}, "request": {{{}}}, "response": {{{}}}}}"#,
        source.join(", "),
        half("request"),
        half("response")
    );
    parse(ContractId::new("case"), &file).unwrap_or_else(|error| panic!("{error:?}\n{file}"))
}

fn sent(case: Value<'_>, contract: &Contract, wrap: Wrap) -> Sent {
    let given = case.get("sent");
    let member = |name| given.and_then(|given| text(given, name));
    let body = given.and_then(|given| given.get("json"));
    let documented_url = member("url").unwrap_or_else(|| contract.request.url.clone());
    Sent {
        method: contract.request.method.clone(),
        url: member("target").unwrap_or_else(|| documented_url.clone()),
        documented_url,
        headers: contract.request.headers.clone(),
        body: body.map_or_else(
            || contract.request.body.clone(),
            |body| Body::Json(Json::parse(wrap.body(body.raw())).unwrap()),
        ),
        identity: Identity::Own,
    }
}

fn answer(case: Value<'_>, wrap: Wrap) -> Received {
    let answer = case.get("answer").unwrap();
    let headers = answer.get("headers").into_iter().flat_map(Value::members);
    let body = match (answer.get("json"), text(answer, "text"), text(answer, "base64")) {
        (Some(json), ..) => wrap.body(json.raw()).into_bytes(),
        (_, Some(text), _) => text.into_bytes(),
        (.., Some(octets)) => {
            let engine = base64::engine::general_purpose::STANDARD;
            base64::Engine::decode(&engine, octets).unwrap()
        }
        _ => Vec::new(),
    };
    Received {
        status: answer.get("status").unwrap().raw().parse().unwrap(),
        headers: headers.map(|field| (field.name(), field.value.as_str().unwrap())).collect(),
        body,
        framing: if answer.get("framing").is_some() { Framing::Close } else { Framing::Delimited },
    }
}

fn budget(given: Option<Value<'_>>) -> Budget {
    let usual = Budget::default();
    let limit = |name, usual| {
        let given = given.and_then(|given| given.get(name));
        given.map_or(usual, |limit| limit.raw().parse().unwrap())
    };
    Budget { nodes: limit("nodes", usual.nodes), string: limit("string", usual.string), ..usual }
}
