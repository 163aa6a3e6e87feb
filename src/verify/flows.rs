//! Plans flows: which steps are judged, which only prepare, and what is held back before anything of a flow is sent.

use super::work::held_back;
use crate::contract::select::Selector;
use crate::contract::{Contract, ContractId};
use crate::message::Identity;
use crate::replay::flow::{Action, Flow, Step};
use crate::replay::gate::{Author, Gates, Plan, missing, plan_of};
use crate::replay::target::Target;
use crate::replay::variables::{Missing, Named, Variables};
use crate::verdict::{Outcome, SkipReason, Trouble, Verdict};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A flow that will be sent.
#[derive(Debug, Clone)]
pub(crate) struct PlannedFlow {
    pub(crate) name: String,
    pub(crate) steps: Vec<PlannedStep>,
    pub(crate) clean_up: Vec<PlannedStep>,
}

/// A step, and what it sends.
#[derive(Debug, Clone)]
pub(crate) struct PlannedStep {
    pub(crate) step: Step,
    pub(crate) contract: Arc<Contract>,
    pub(crate) author: Author,
    pub(crate) role: Role,
    /// `step 2 of flow users`
    pub(crate) label: String,
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its answer is judged.
    Judged,
    /// Only its status counts: it is a request of the user's own, or a contract that is judged elsewhere or not at all.
    Prepares,
}

/// What a run sends.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// Flows, in their order.
    pub(crate) flows: Vec<PlannedFlow>,
    /// The contracts that are in no flow.
    pub(crate) outside: Vec<Arc<Contract>>,
    /// Those of flows that are held back.
    pub(crate) held_back: Vec<Verdict>,
    /// What they lack.
    pub(crate) missing: Vec<(ContractId, Vec<Missing>)>,
}

/// What decides of what may be sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms<'t> {
    pub(crate) target: &'t Target,
    pub(crate) variables: &'t Variables,
    pub(crate) gates: Gates,
    pub(crate) skip: &'t [(Selector, String)],
}

/// Takes the contracts of flows out of those of a run. Bystanders are known, and not judged.
pub(crate) fn plan_flows(
    flows: &[Flow],
    contracts: Vec<Arc<Contract>>,
    bystanders: &[Arc<Contract>],
    terms: Terms<'_>,
) -> Planned {
    let mut planned = Planned::default();
    if flows.is_empty() {
        planned.outside = contracts;
        return planned;
    }
    let mut left: BTreeMap<ContractId, Arc<Contract>> =
        contracts.into_iter().map(|contract| (contract.id.clone(), contract)).collect();
    let mut known: BTreeMap<ContractId, Arc<Contract>> =
        bystanders.iter().map(|contract| (contract.id.clone(), Arc::clone(contract))).collect();
    for flow in flows {
        if !flow.contracts().any(|id| left.contains_key(id)) {
            continue;
        }
        let mut unknown = None;
        let mut steps = |steps: &[Step], kind: &str| {
            let mut planned = Vec::with_capacity(steps.len());
            for (index, step) in steps.iter().enumerate() {
                let label = format!("{kind} {} of flow {}", index + 1, flow.name);
                let (contract, author, role) = match &step.action {
                    Action::Request(contract) => {
                        (Arc::new(Contract::clone(contract)), Author::User, Role::Prepares)
                    }
                    Action::Contract(id) => {
                        if let Some(contract) = left.remove(id) {
                            known.insert(id.clone(), Arc::clone(&contract));
                            (contract, Author::Page, Role::Judged)
                        } else if let Some(contract) = known.get(id) {
                            (Arc::clone(contract), Author::Page, Role::Prepares)
                        } else {
                            unknown.get_or_insert((id.clone(), label));
                            continue;
                        }
                    }
                };
                planned.push(PlannedStep { step: step.clone(), contract, author, role, label });
            }
            planned
        };
        let (steps, clean_up) = (steps(&flow.steps, "step"), steps(&flow.clean_up, "cleanup"));
        let flow = PlannedFlow { name: flow.name.clone(), steps, clean_up };
        if let Some((id, label)) = unknown {
            let text = format!("{label}, {id}, is not among the contracts that were read");
            planned.held_back.extend(flow.judged().map(|contract| {
                held_back(contract, Outcome::Errored(Trouble::FlowSetupFailed, text.clone()))
            }));
        } else {
            flow.add_to(&mut planned, terms);
        }
    }
    planned.outside = left.into_values().collect();
    planned
}

impl PlannedStep {
    /// What it sends.
    pub(crate) fn plan(&self, target: &Target, variables: &Variables, gates: Gates) -> Plan {
        let mut plan = plan_of(self.author, &self.contract, target, variables, gates);
        if let (Plan::Send(sent), Some(account)) = (&mut plan, &self.step.account) {
            sent.identity = Identity::Account(account.clone());
        }
        plan
    }
}

impl PlannedFlow {
    /// The contracts that it judges.
    pub(crate) fn judged(&self) -> impl Iterator<Item = &Arc<Contract>> {
        let all = self.steps.iter().chain(&self.clean_up);
        all.filter(|step| step.role == Role::Judged).map(|step| &step.contract)
    }

    /// What each step sends, as far as it is known before: a captured value is `{name}`.
    pub(crate) fn plans(&self, terms: Terms<'_>) -> Vec<Plan> {
        let mut captured = Named::new();
        let all = self.steps.iter().chain(&self.clean_up);
        let plans = all.map(|step| {
            let plan = match terms.skip.iter().find(|(these, _)| these.selects(&step.contract)) {
                Some((_, reason)) if step.author == Author::Page => {
                    Plan::Skip(SkipReason::Config, reason.clone())
                }
                _ => {
                    let variables = terms.variables.with_captured(&captured);
                    step.plan(terms.target, &variables, terms.gates)
                }
            };
            captured.extend(step.step.captured().map(|name| (name.to_owned(), format!("{{{name}}}"))));
            plan
        });
        plans.collect()
    }

    /// A flow is sent as a whole or not at all: half of one would leave something behind, or judge a state that it
    /// did not make.
    fn add_to(self, planned: &mut Planned, terms: Terms<'_>) {
        let plans = self.plans(terms);
        let all: Vec<&PlannedStep> = self.steps.iter().chain(&self.clean_up).collect();
        let mut captured = Named::new();
        for (step, plan) in all.iter().zip(&plans) {
            if matches!(plan, Plan::Skip(SkipReason::NeedsVariable, _)) {
                let variables = terms.variables.with_captured(&captured);
                planned.missing.push((step.contract.id.clone(), missing(&step.contract, &variables)));
            }
            captured.extend(step.step.captured().map(|name| (name.to_owned(), String::from("x"))));
        }
        let because = |step: &PlannedStep, why: &str| {
            let request = &step.contract.request;
            format!("{}, {} {}, is held back: {why}", step.label, request.method, request.url)
        };
        let first = all.iter().zip(&plans).find_map(|(step, plan)| match plan {
            Plan::Send(_) => None,
            Plan::Skip(reason, why) => Some(Outcome::Skipped(*reason, because(step, why))),
            Plan::Fault(_, why) => Some(Outcome::Errored(Trouble::FlowSetupFailed, because(step, why))),
        });
        let Some(first) = first else {
            planned.flows.push(self);
            return;
        };
        for (step, plan) in all.iter().zip(&plans).filter(|(step, _)| step.role == Role::Judged) {
            let outcome = match plan {
                Plan::Send(_) => first.clone(),
                Plan::Skip(reason, why) => Outcome::Skipped(*reason, why.clone()),
                Plan::Fault(trouble, why) => Outcome::Errored(*trouble, why.clone()),
            };
            planned.held_back.push(held_back(&step.contract, outcome));
        }
    }
}
