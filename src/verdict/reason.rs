//! Why a contract could not be judged, or was not sent: stable ids with their remedies.

/// Why a contract could not be judged: stable ids, with what they ask the reader to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is described by `remedy`")]
pub enum Trouble {
    NetRefused,
    NetTargetDown,
    NetTargetAbsent,
    NetDns,
    NetDnsTimeout,
    NetConnectTimeout,
    NetTimeoutHeaders,
    NetTimeoutBody,
    NetClosed,
    NetReset,
    NetResetAfterSend,
    NetTls,
    NetProxy,
    NetForbiddenAddress,
    NetOther,
    H2Goaway,
    AuthToken,
    AuthTokenBusy,
    HttpTruncated,
    HttpMalformed,
    HttpThrottled,
    HttpUnavailable,
    BodyTooLarge,
    BodyTooDeep,
    BodyUnsupportedEncoding,
    BodyBadEncoding,
    JsonTooManyNodes,
    RequestBadUrl,
    RequestBadValue,
    RequestUnsendable,
    ContractVersion,
    ContractInvalid,
    ContractDuplicateId,
    FsDenied,
    FsVanished,
    FlowSetupFailed,
    FlowStepUnanswered,
    FlowStepShutOut,
    FlowOperation,
    FlowTimeout,
    Bug,
}

impl Trouble {
    /// The stable id.
    pub fn id(self) -> &'static str {
        self.id_and_remedy().0
    }

    /// What to try.
    pub fn remedy(self) -> &'static str {
        self.id_and_remedy().1
    }

    /// Whether nobody answered at all.
    pub fn is_silence(self) -> bool {
        matches!(
            self,
            Trouble::NetRefused
                | Trouble::NetDns
                | Trouble::NetDnsTimeout
                | Trouble::NetConnectTimeout
                | Trouble::NetTimeoutHeaders
                | Trouble::NetClosed
                | Trouble::NetReset
                | Trouble::NetProxy
                | Trouble::NetOther
        )
    }

    /// What to try where a flow could not go on.
    fn cause_in_a_flow(self) -> &'static str {
        match self {
            Trouble::FlowStepUnanswered => "see to that first: without this step its flow cannot go on",
            Trouble::FlowStepShutOut => "are the credentials of this step right? See auth in faithful.toml",
            Trouble::FlowOperation => {
                "until asks after operations of the target alone; --map ORIGIN=URL says where another origin lives"
            }
            _ => "every step of its flow must succeed; see [[flow]] in faithful.toml",
        }
    }

    fn id_and_remedy(self) -> (&'static str, &'static str) {
        match self {
            Trouble::NetRefused => ("net.refused", "is the service running at this host and port?"),
            Trouble::NetTargetDown => (
                "net.target_down",
                "several contracts in a row did not reach the target; see to it that it is there, and run again",
            ),
            Trouble::NetTargetAbsent => {
                ("net.target_down", "see to it that the target is there, or give --wait a longer time")
            }
            Trouble::NetDns => ("net.dns", "check the target's host name"),
            Trouble::NetDnsTimeout => {
                ("net.dns_timeout", "check this machine's name servers, or raise --connect-timeout")
            }
            Trouble::NetConnectTimeout => {
                ("net.connect_timeout", "check host, port and firewall, or raise --connect-timeout")
            }
            Trouble::NetTimeoutHeaders => (
                "net.timeout_headers",
                "the service accepted the request and did not answer; raise --max-time if it is slow",
            ),
            Trouble::NetTimeoutBody => {
                ("net.timeout_body", "the answer began and did not end; raise --max-time if it is slow")
            }
            Trouble::NetClosed => {
                ("net.closed", "the service closed the connection without an answer; look at its log")
            }
            Trouble::NetReset => ("net.reset", "the connection was reset; look at the service's log"),
            Trouble::NetResetAfterSend => {
                ("net.reset_after_send", "the service may have acted; the request was not sent again")
            }
            Trouble::NetTls => (
                "net.tls",
                "is the certificate valid for this host? A private authority, or a certificate that vouches for itself, is \
                 named by --ca-cert, or by ca_cert in faithful.toml",
            ),
            Trouble::NetProxy => {
                ("net.proxy", "check the proxy and its login; NO_PROXY or --proxy none leave it out")
            }
            Trouble::NetForbiddenAddress => {
                ("net.forbidden_address", "--untrusted and --insecure reach this machine alone")
            }
            Trouble::NetOther => ("net.other", "look at the service's log"),
            Trouble::H2Goaway => {
                ("h2.goaway", "the service refused the request unprocessed; look at its log, or lower --jobs")
            }
            Trouble::AuthToken => ("auth.token", "check token_url, client_id and client_secret"),
            Trouble::AuthTokenBusy => {
                ("auth.token", "the token endpoint limits the rate or is not available; run again later")
            }
            Trouble::HttpTruncated => (
                "http.truncated",
                "the answer is shorter than it says; look at the service and the proxies before it",
            ),
            Trouble::HttpMalformed => {
                ("http.malformed", "what answers is not well-formed HTTP; is this the right port and scheme?")
            }
            Trouble::HttpThrottled => (
                "http.throttled",
                "the service limits the rate; set --rate-limit, lower --jobs, or run again later",
            ),
            Trouble::HttpUnavailable => {
                ("http.unavailable", "the service or a gateway before it is not available; run again later")
            }
            Trouble::BodyTooLarge => {
                ("body.too_large", "raise --max-body if the answer is meant to be that large")
            }
            Trouble::BodyTooDeep => ("body.too_deep", "the answer is nested deeper than faithful reads"),
            Trouble::BodyUnsupportedEncoding => (
                "body.unsupported_encoding",
                "the answer's content coding was not asked for; it cannot be compared",
            ),
            Trouble::BodyBadEncoding => ("body.bad_gzip", "the answer's content coding is broken"),
            Trouble::JsonTooManyNodes => {
                ("json.too_many_nodes", "the answer holds more JSON values than faithful reads")
            }
            Trouble::RequestBadUrl => ("request.bad_url", "correct the documented URL"),
            Trouble::RequestBadValue => {
                ("request.bad_url", "correct the value: the variable, or what a step of the flow captures")
            }
            Trouble::RequestUnsendable => ("request.unsendable", "correct the documented request"),
            Trouble::ContractVersion => (
                "contract.version",
                "use a faithful that knows this version of the format, or extract the contract again",
            ),
            Trouble::ContractInvalid => ("contract.invalid", "correct the file, or extract it again"),
            Trouble::ContractDuplicateId => {
                ("contract.duplicate_id", "name one of the folders, or run them one after the other")
            }
            Trouble::FsDenied => ("fs.denied", "check the file's permissions"),
            Trouble::FsVanished => ("fs.vanished", "the file was there when the run began; run again"),
            Trouble::FlowSetupFailed
            | Trouble::FlowStepUnanswered
            | Trouble::FlowStepShutOut
            | Trouble::FlowOperation => ("flow.setup_failed", self.cause_in_a_flow()),
            Trouble::FlowTimeout => {
                ("flow.timeout", "if what came last goes on, raise the timeout of its until in faithful.toml")
            }
            Trouble::Bug => ("bug", "this is a bug in faithful: please report it with the contract"),
        }
    }
}

/// Why a contract was not sent, or does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SkipReason {
    /// A placeholder has no value.
    NeedsVariable,
    /// The documented body cannot be sent as it is.
    NeedsBody,
    /// It would change the target's state.
    Mutating,
    /// The same, where the target is marked as one that nothing may change.
    Production,
    /// Its URL belongs to another origin than the docs'.
    ForeignOrigin,
    /// It names a host that the target may dial.
    NamesForeignHost,
    /// URL or body hold what looks like a live secret.
    Credential,
    /// An equal request was answered as another contract documents.
    OtherAnswer,
    /// The configuration says so.
    Config,
    /// The run was interrupted.
    Interrupted,
    /// It was sent, and all that breaks its promise is known.
    Known,
}

impl SkipReason {
    /// The reason's stable name.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::NeedsVariable => "needs-variable",
            SkipReason::NeedsBody => "needs-body",
            SkipReason::Mutating | SkipReason::Production => "mutating",
            SkipReason::ForeignOrigin => "foreign-origin",
            SkipReason::NamesForeignHost => "names-foreign-host",
            SkipReason::Credential => "credential",
            SkipReason::OtherAnswer => "other-answer",
            SkipReason::Config => "config",
            SkipReason::Interrupted => "interrupted",
            SkipReason::Known => "known",
        }
    }

    /// What to do to have it sent.
    pub fn remedy(self) -> &'static str {
        match self {
            SkipReason::NeedsVariable => "give --variable NAME=VALUE",
            SkipReason::NeedsBody => "the page does not show a body that can be sent",
            SkipReason::Mutating => "give --allow-mutations if the target may be changed",
            SkipReason::Production => {
                "production = true in faithful.toml forbids that whatever else is said; verify it against another target"
            }
            SkipReason::ForeignOrigin => "give --map ORIGIN=URL to say where that origin lives",
            SkipReason::NamesForeignHost => "give --allow-foreign-hosts if the target may dial that host",
            SkipReason::Credential => "take the secret off the page",
            SkipReason::OtherAnswer => "another contract with the same request was judged",
            SkipReason::Config => "see faithful.toml",
            SkipReason::Interrupted => "run again",
            SkipReason::Known => "take the entry out of faithful.toml once it is mended",
        }
    }
}
