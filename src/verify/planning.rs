//! What a run would send, in which order, what it would hold back, and who could supply what is missing. Opens no socket.

use super::flows::{PlannedFlow, PlannedStep, Role, Terms, plan_flows};
use super::lacking::joined;
use super::suggest::suggest;
use super::supply::{path_needs, supplies};
use super::work::jobs;
use super::{Place, Verifier, docs_origin};
use crate::contract::{Contract, ContractId};
use crate::message::{Identity, Part, Sent};
use crate::replay::flow::Holder;
use crate::replay::gate::{Author, Plan};
use crate::replay::target::{Target, TargetUrl};
use crate::replay::variables::{Missing, Unknown};
use crate::suite::Suite;
use crate::verdict::{Outcome, SkipReason, Verdict};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

/// What a run would do.
#[derive(Debug, Serialize)]
pub struct Planning {
    /// Where requests would go: the target's URL, or `stub`.
    pub target: String,
    /// The docs' own origin, which lives there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub docs_origin: Option<String>,
    /// Flows, side by side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<FlowPlan>,
    /// Requests by themselves, side by side.
    pub requests: Vec<RequestPlan>,
    /// What would not be sent, and why, ordered by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_back: Vec<HeldBack>,
    /// Values that are missing, each with the contracts that could supply it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingPlan>,
    /// Flows that would supply values, as faithful.toml has them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggested_flows: Vec<String>,
}

/// A flow that would be sent, step by step.
#[derive(Debug, Serialize)]
pub struct FlowPlan {
    /// What it is called.
    pub name: String,
    /// What it sends, in order.
    pub steps: Vec<RequestPlan>,
    /// What it sends at the end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clean_up: Vec<RequestPlan>,
}

/// A request that would be sent.
#[derive(Debug, Serialize)]
pub struct RequestPlan {
    /// The method.
    pub method: String,
    /// The URL; `{name}` stands for what is captured before.
    pub url: String,
    /// The contracts that its answer is judged by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<String>,
    /// The contract that it takes from without judging it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepares: Option<String>,
    /// What later steps take from its answer: a name, and where its value stands.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub captures: BTreeMap<String, String>,
    /// What is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// Whether it is sent without the target's login, since 401 is documented.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_login: bool,
    /// The account that it is sent as; none where that is the target's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it carries of its account, each secret by its name: `authorization: Bearer $TOKEN`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub carries: Vec<String>,
}

/// A contract that would not be sent.
#[derive(Debug, Serialize)]
pub struct HeldBack {
    /// Which.
    pub id: String,
    /// Its documented method.
    pub method: String,
    /// Its documented URL.
    pub url: String,
    /// `skipped`, or `errored` where nobody could send it.
    pub outcome: &'static str,
    /// Why, by its name.
    pub reason: &'static str,
    /// Why, in words.
    pub message: String,
    /// What to do about it.
    pub remedy: &'static str,
}

/// A value that is missing.
#[derive(Debug, Serialize)]
pub struct MissingPlan {
    /// The line of faithful.toml that would supply it.
    pub line: String,
    /// What the docs call it.
    pub placeholder: String,
    /// The contracts that need it.
    pub contracts: Vec<String>,
    /// The contracts that could supply it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suppliers: Vec<SupplierPlan>,
}

/// A contract that could supply a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SupplierPlan {
    /// Which.
    pub id: String,
    /// Its documented method.
    pub method: String,
    /// Its documented URL.
    pub url: String,
    /// Where its documented answer shows such a value.
    pub at: String,
}

impl Planning {
    /// How many contracts would be judged.
    pub fn judged(&self) -> usize {
        let steps = self.flows.iter().flat_map(|flow| flow.steps.iter().chain(&flow.clean_up));
        steps.chain(&self.requests).map(|request| request.contracts.len()).sum()
    }

    /// How many requests would be sent at least.
    pub fn requests(&self) -> usize {
        let steps = self.flows.iter().map(|flow| flow.steps.len() + flow.clean_up.len());
        steps.sum::<usize>() + self.requests.len()
    }
}

impl Verifier {
    /// What [`Verifier::verify`] would do with a suite. What looks like a secret is masked in it.
    pub fn plan(&self, suite: &Suite) -> Planning {
        let origin = docs_origin(suite);
        let (target, variables) = match &self.place {
            Place::Service(url) => (self.target_at(url.clone(), origin.clone()), self.variables.clone()),
            Place::Stub => {
                let Ok(anywhere) = TargetUrl::parse("http://localhost") else { return Planning::nothing() };
                let variables = self.variables.clone().with_unknown(Unknown::IsMadeUp);
                (Target::of_all(anywhere), variables)
            }
        };
        let terms = Terms { target: &target, variables: &variables, gates: self.gates, skip: &self.skip };
        let flows = if target.takes_all { &[] } else { self.flows.as_slice() };
        let contracts: Vec<Arc<Contract>> =
            suite.members.iter().map(|(contract, _)| Arc::clone(contract)).collect();
        let planned = plan_flows(flows, contracts, &suite.bystanders, terms);
        let (mut held_back, mut missing) = (planned.held_back, planned.missing);
        let of_flows: BTreeSet<&ContractId> = flows.iter().flat_map(super::Flow::contracts).collect();
        let jobs = jobs(planned.outside, terms, &mut held_back, &mut missing);
        held_back.sort_by(|one, two| one.id.cmp(&two.id));
        let request = |sent: &Sent| self.request(sent, &target);
        let requests = jobs.queued.iter().filter_map(|queued| {
            let contracts = queued.contracts.iter().map(|contract| contract.id.to_string()).collect();
            Some(RequestPlan { contracts, ..request(queued.sent(terms)?.as_ref()) })
        });
        let usable = usable(suite, &held_back, &of_flows);
        let lacks: BTreeMap<&ContractId, &[Missing]> =
            missing.iter().map(|(id, missing)| (id, missing.as_slice())).collect();
        Planning {
            target: self.target_url().unwrap_or("stub").to_owned(),
            docs_origin: origin,
            requests: requests.collect(),
            flows: planned.flows.iter().map(|flow| flow_plan(flow, terms, &request)).collect(),
            suggested_flows: suggest(&usable, &lacks),
            missing: missing_plans(&missing, suite, &usable),
            held_back: held_back.iter().filter_map(|verdict| self.held_back(verdict)).collect(),
        }
    }

    /// A request that is sent, whatever for.
    fn request(&self, sent: &Sent, target: &Target) -> RequestPlan {
        let trusted = self.trusted_by(&target.url);
        let is_trusted =
            Url::parse(&sent.url).is_ok_and(|url| trusted.iter().any(|base| base.has_origin_of(&url)));
        let shown = if is_trusted { self.credentials.carried(sent) } else { Vec::new() };
        let carries = shown.into_iter().map(|mut carried| {
            // As a whole it would be masked for what its field is called; its secrets are names alone.
            for part in &mut carried.parts {
                if let Part::Text(text) = part {
                    *text = self.secrets.mask(text).into_owned();
                }
            }
            carried.to_string()
        });
        RequestPlan {
            method: sent.method.clone(),
            url: self.shown(&sent.url, target),
            contracts: Vec::new(),
            prepares: None,
            captures: BTreeMap::new(),
            until: None,
            without_login: sent.identity == Identity::Nobody,
            account: match &sent.identity {
                Identity::Account(name) if is_trusted => Some(name.clone()),
                _ => None,
            },
            carries: carries.collect(),
        }
    }

    fn shown(&self, url: &str, target: &Target) -> String {
        let url = if target.takes_all { url.strip_prefix("http://localhost").unwrap_or(url) } else { url };
        // What is captured later stands there under its name.
        let url = url.replace("%7B", "{").replace("%7D", "}");
        self.secrets.mask(&url).into_owned()
    }

    fn held_back(&self, verdict: &Verdict) -> Option<HeldBack> {
        let (reason, message, remedy) = match &verdict.outcome {
            Outcome::Skipped(reason, why) => (reason.name(), why, reason.remedy()),
            Outcome::Errored(trouble, why) => (trouble.id(), why, trouble.remedy()),
            Outcome::Passed | Outcome::Failed => return None,
        };
        let request = verdict.request.as_ref()?;
        Some(HeldBack {
            id: verdict.id.to_string(),
            method: request.method.clone(),
            url: self.secrets.mask(&request.url).into_owned(),
            outcome: verdict.outcome.name(),
            reason,
            message: self.secrets.mask(message).into_owned(),
            remedy,
        })
    }
}

impl Planning {
    fn nothing() -> Planning {
        Planning {
            target: String::new(),
            docs_origin: None,
            flows: Vec::new(),
            requests: Vec::new(),
            held_back: Vec::new(),
            missing: Vec::new(),
            suggested_flows: Vec::new(),
        }
    }
}

/// The contracts that a flow could be made of: those that could be sent if only their values were there.
fn usable<'s>(
    suite: &'s Suite,
    held_back: &[Verdict],
    of_flows: &BTreeSet<&ContractId>,
) -> Vec<&'s Contract> {
    let unusable: BTreeSet<&ContractId> = held_back
        .iter()
        .filter(|verdict| {
            !matches!(
                verdict.outcome,
                Outcome::Skipped(
                    SkipReason::NeedsVariable | SkipReason::Mutating | SkipReason::Production,
                    _
                )
            )
        })
        .map(|verdict| &verdict.id)
        .collect();
    suite
        .contracts()
        .filter(|contract| !unusable.contains(&contract.id) && !of_flows.contains(&contract.id))
        .collect()
}

fn flow_plan(flow: &PlannedFlow, terms: Terms<'_>, request: &impl Fn(&Sent) -> RequestPlan) -> FlowPlan {
    let mut plans = flow.plans(terms).into_iter();
    let mut of = |steps: &[PlannedStep]| -> Vec<RequestPlan> {
        let pairs = steps.iter().zip(plans.by_ref());
        pairs.filter_map(|(step, plan)| step_plan(step, plan, request)).collect()
    };
    FlowPlan { name: flow.name.clone(), steps: of(&flow.steps), clean_up: of(&flow.clean_up) }
}

fn step_plan(step: &PlannedStep, plan: Plan, request: &impl Fn(&Sent) -> RequestPlan) -> Option<RequestPlan> {
    let Plan::Send(sent) = plan else { return None };
    let id = step.contract.id.to_string();
    let until = step.step.until.as_ref();
    let captures = step.step.capture.iter().chain(until.iter().flat_map(|until| &until.capture));
    let captures = captures.map(|capture| {
        let from = match &capture.from {
            Holder::Body(path) => path.to_string(),
            Holder::Header(name) => format!("header {name}"),
        };
        (capture.name.clone(), from)
    });
    let (contracts, prepares) = match (step.role, step.author == Author::Page) {
        (Role::Judged, _) => (vec![id], None),
        (Role::Prepares, true) => (Vec::new(), Some(id)),
        (Role::Prepares, false) => (Vec::new(), None),
    };
    Some(RequestPlan {
        contracts,
        prepares,
        captures: captures.collect(),
        until: until.map(crate::replay::flow::Until::shown),
        ..request(&sent)
    })
}

fn missing_plans(
    missing: &[(ContractId, Vec<Missing>)],
    suite: &Suite,
    usable: &[&Contract],
) -> Vec<MissingPlan> {
    let mut suppliers: BTreeMap<(Vec<String>, Option<String>), Vec<SupplierPlan>> = BTreeMap::new();
    for (id, lacks) in missing {
        let needs = suite.get(id).map(|contract| path_needs(contract, lacks)).unwrap_or_default();
        for need in needs {
            let known = suppliers.entry((need.names.clone(), need.segment.clone())).or_default();
            for supply in supplies(&need, usable.iter().copied()) {
                let supplier = SupplierPlan {
                    id: supply.by.id.to_string(),
                    method: supply.by.request.method.clone(),
                    url: supply.by.request.url.clone(),
                    at: supply.at,
                };
                if !known.contains(&supplier) {
                    known.push(supplier);
                }
            }
        }
    }
    let told = joined(missing.to_vec()).into_iter().map(|(one, lacking)| {
        let mut from: Vec<SupplierPlan> = Vec::new();
        for (_, lack) in &lacking {
            let known = suppliers.get(&(lack.names.clone(), lack.segment.clone()));
            for supplier in known.into_iter().flatten() {
                if !from.contains(supplier) {
                    from.push(supplier.clone());
                }
            }
        }
        let mut contracts: Vec<String> = lacking.iter().map(|(id, _)| id.to_string()).collect();
        contracts.dedup();
        MissingPlan { line: one.line(), placeholder: one.placeholder, contracts, suppliers: from }
    });
    told.collect()
}
