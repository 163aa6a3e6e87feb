//! The table: how grave each situation is in each profile. One row per situation, as the user guide prints it.

use crate::verdict::{Profile, Severity};

use Severity::{Fail, Note, Warn};

/// Something about an answer that the docs do not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Situation {
    /// Another status code than documented.
    OtherStatus,
    /// Another media type than documented.
    OtherMediaType,
    /// A documented header that is part of the contract did not come.
    ContractHeaderAbsent,
    /// Any other documented header did not come.
    HeaderAbsent,
    /// A header that the profile takes literally has another value.
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
    /// Another value than the one that is promised: an echo, a type name.
    BrokenPromise,
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
    /// A body is documented, none came.
    BodyAbsent,
    /// No body is documented, one came.
    BodyUndocumented,
    /// JSON is documented, something else came.
    NotJson,
    /// Another text than documented.
    OtherText,
    /// A member stands twice, with equal values.
    RepeatedMember,
    /// A member stands twice, with different values.
    ContradictoryMember,
    /// A byte order mark stands before the JSON.
    ByteOrderMark,
}

impl Situation {
    /// How grave it is; none where it is lawful.
    pub(super) fn severity(self, profile: Profile) -> Option<Severity> {
        let [service, mock, golden] = self.row();
        match profile {
            Profile::Service => service,
            Profile::Mock => mock,
            Profile::Golden => golden,
        }
    }

    #[expect(clippy::match_same_arms, reason = "a row of the table each")]
    const fn row(self) -> [Option<Severity>; 3] {
        const OK: Option<Severity> = None;
        const F: Option<Severity> = Some(Fail);
        const W: Option<Severity> = Some(Warn);
        const N: Option<Severity> = Some(Note);
        match self {
            //                                       service mock golden
            Situation::OtherStatus =>
            /*               */
            {
                [F, F, F]
            }
            Situation::OtherMediaType =>
            /*            */
            {
                [F, F, F]
            }
            Situation::ContractHeaderAbsent =>
            /*      */
            {
                [F, F, F]
            }
            Situation::HeaderAbsent =>
            /*              */
            {
                [W, F, F]
            }
            Situation::OtherHeaderValue =>
            /*          */
            {
                [OK, OK, F]
            }
            Situation::MemberAbsent =>
            /*              */
            {
                [F, F, F]
            }
            Situation::OptionalMemberAbsent =>
            /*      */
            {
                [W, W, F]
            }
            Situation::ControlMemberAbsent =>
            /*       */
            {
                [OK, W, F]
            }
            Situation::ExtraMemberWhereTruncated =>
            /* */
            {
                [OK, W, F]
            }
            Situation::ExtraMember =>
            /*               */
            {
                [W, F, F]
            }
            Situation::NullForValue =>
            /*              */
            {
                [F, F, F]
            }
            Situation::NullWhereNullable =>
            /*         */
            {
                [OK, F, F]
            }
            Situation::OtherType =>
            /*                 */
            {
                [F, F, F]
            }
            Situation::FractionForInteger =>
            /*        */
            {
                [N, W, F]
            }
            Situation::FormatLost =>
            /*                */
            {
                [W, F, F]
            }
            Situation::BrokenPromise =>
            /*             */
            {
                [F, F, F]
            }
            Situation::OutsideEnumeration =>
            /*        */
            {
                [W, F, F]
            }
            Situation::UnshownElementType =>
            /*        */
            {
                [N, N, F]
            }
            Situation::NoElements =>
            /*                */
            {
                [W, F, F]
            }
            Situation::BodyForbidden =>
            /*             */
            {
                [F, F, F]
            }
            Situation::LengthWithoutContent =>
            /*      */
            {
                [W, W, W]
            }
            Situation::BodyAbsent =>
            /*                */
            {
                [F, F, F]
            }
            Situation::BodyUndocumented =>
            /*          */
            {
                [N, W, F]
            }
            Situation::NotJson =>
            /*                   */
            {
                [F, F, F]
            }
            Situation::OtherText =>
            /*                 */
            {
                [OK, F, F]
            }
            Situation::RepeatedMember =>
            /*            */
            {
                [W, W, F]
            }
            Situation::ContradictoryMember =>
            /*       */
            {
                [F, F, F]
            }
            Situation::ByteOrderMark =>
            /*             */
            {
                [W, W, W]
            }
        }
    }
}
