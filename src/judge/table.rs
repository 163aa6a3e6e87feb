//! The table: how grave each situation is in each profile. One row per situation, as the user guide prints it.

use crate::verdict::{Profile, Severity};

use Severity::{Fail, Note, Warn};

/// Something about an answer that the docs do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Situation {
    /// Another status code than documented.
    OtherStatus,
    /// An error is documented, and not which; the service failed.
    ServerError,
    /// Another media type than documented.
    OtherMediaType,
    /// A documented header that is part of the contract did not come.
    ContractHeaderAbsent,
    /// Any other documented header did not come.
    HeaderAbsent,
    /// A documented header that is part of the contract came with a value that cannot be one.
    ContractHeaderBroken,
    /// A documented header has another value, which only a literal reading minds.
    OtherHeaderValue,
    /// A shown member did not come.
    MemberAbsent,
    /// A member did not come whose example is null, or that is declared optional.
    OptionalMemberAbsent,
    /// An `@odata.*` member other than `@odata.type` did not come.
    ControlMemberAbsent,
    /// A member came that is not shown, where the page may have left some out.
    ExtraMemberWhereTruncated,
    /// A member came that is not shown, where the page shows all.
    ExtraMember,
    /// An `@odata.*` member came that is not shown: the protocol's, not the resource's.
    ExtraControlMember,
    /// A value is shown, null came.
    NullForValue,
    /// A value is shown that is declared nullable, null came.
    NullWhereNullable,
    /// Another JSON type.
    OtherType,
    /// A whole number is shown, a fraction came.
    FractionForInteger,
    /// The example has a format that the answer lacks.
    FormatLost,
    /// Another value than the one that is promised: an echo, a type name, a literal reading.
    BrokenPromise,
    /// The shown text itself, which is no value: the name of a type, a veiled date, a list of values.
    ExampleItself,
    /// A string outside the shown enumeration.
    OutsideEnumeration,
    /// An array element of a type that the example does not show.
    UnshownElementType,
    /// Elements are shown, none came.
    NoElements,
    /// The docs say that no body comes, and one came.
    BodyForbidden,
    /// A 204, which has no content, says how long it is; HTTP libraries drop what comes.
    LengthWithoutContent,
    /// Content-Length and Transfer-Encoding together: recipients may disagree on where the answer ends.
    TwoFramings,
    /// A body is documented, none came.
    BodyAbsent,
    /// No body is documented, one came.
    BodyUndocumented,
    /// JSON is documented, something else came.
    NotJson,
    /// Another text than documented.
    OtherText,
    /// A text is shown, and no media type; a page for a browser came, as a login or a proxy sends it.
    HtmlForText,
    /// The page shows a body that was read by a guess, and no media type; a page for a browser came.
    HtmlForGuess,
    /// A member stands twice, with equal values.
    RepeatedMember,
    /// A member stands twice, with different values.
    ContradictoryMember,
    /// A byte order mark before JSON, a charset that JSON cannot have, or bytes behind the end of the coding.
    OddEncoding,
}

impl Situation {
    /// How grave it is; none where it is lawful.
    pub(super) fn severity(self, profile: Profile) -> Option<Severity> {
        let row = self.row();
        #[cfg(test)]
        let row = tests::row(self, profile, row);
        let [service, mock, golden] = row;
        match profile {
            Profile::Service => service,
            Profile::Mock => mock,
            Profile::Golden => golden,
        }
    }

    #[rustfmt::skip]
    #[expect(clippy::match_same_arms, reason = "a row of the table each")]
    const fn row(self) -> [Option<Severity>; 3] {
        const OK: Option<Severity> = None;
        const F: Option<Severity> = Some(Fail);
        const W: Option<Severity> = Some(Warn);
        const N: Option<Severity> = Some(Note);
        match self {
            //                                    service mock golden
            Self::OtherStatus               => [F,  F,  F],
            Self::ServerError               => [W,  W,  W],
            Self::OtherMediaType            => [F,  F,  F],
            Self::ContractHeaderAbsent      => [F,  F,  F],
            Self::HeaderAbsent              => [W,  F,  F],
            Self::ContractHeaderBroken      => [F,  F,  F],
            Self::OtherHeaderValue          => [OK, OK, F],
            Self::MemberAbsent              => [F,  F,  F],
            Self::OptionalMemberAbsent      => [W,  W,  F],
            Self::ControlMemberAbsent       => [OK, W,  F],
            Self::ExtraMemberWhereTruncated => [OK, W,  F],
            Self::ExtraMember               => [W,  F,  F],
            Self::ExtraControlMember        => [OK, W,  F],
            Self::NullForValue              => [F,  F,  F],
            Self::NullWhereNullable         => [OK, F,  F],
            Self::OtherType                 => [F,  F,  F],
            Self::FractionForInteger        => [N,  W,  F],
            Self::FormatLost                => [W,  F,  F],
            Self::BrokenPromise             => [F,  F,  F],
            Self::ExampleItself             => [W,  W,  OK],
            Self::OutsideEnumeration        => [W,  F,  F],
            Self::UnshownElementType        => [N,  N,  F],
            Self::NoElements                => [W,  F,  F],
            Self::BodyForbidden             => [F,  F,  F],
            Self::LengthWithoutContent      => [W,  W,  W],
            Self::TwoFramings               => [W,  W,  W],
            Self::BodyAbsent                => [F,  F,  F],
            Self::BodyUndocumented          => [N,  W,  F],
            Self::NotJson                   => [F,  F,  F],
            Self::OtherText                 => [OK, F,  F],
            Self::HtmlForText               => [W,  OK, OK],
            Self::HtmlForGuess              => [W,  W,  W],
            Self::RepeatedMember            => [W,  W,  F],
            Self::ContradictoryMember       => [F,  F,  F],
            Self::OddEncoding               => [W,  W,  W],
        }
    }
}

#[cfg(test)]
mod tests;
