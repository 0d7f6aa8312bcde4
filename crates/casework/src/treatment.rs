//! Under which law a request is dealt with: the Act is not the only right to information, and not every message asks for any.

use jiff::civil::Date;
use law::{BeyondCalendar, Calendar, WorkingDays};
use serde::{Deserialize, Serialize};

/// The time for answering a request for environmental information, EIR reg.5(2).
const ENVIRONMENTAL_INFORMATION: WorkingDays = WorkingDays(20);

/// The law under which a request is dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// The Freedom of Information Act 2000.
    FreedomOfInformation,
    /// Data protection law: it asks for the person's own data, FOIA s.40(1), UK GDPR Article 15.
    OwnPersonalData,
    /// The Environmental Information Regulations 2004, FOIA s.39.
    EnvironmentalInformation,
    /// None: an everyday matter that a service deals with as it always does.
    ServiceMatter,
    /// More than one of these: each question is decided under its own.
    Several,
}

impl Regime {
    /// Whether somebody else goes on with the request, and nothing is decided here.
    #[must_use]
    pub fn is_elsewhere(self) -> bool {
        match self {
            Self::FreedomOfInformation | Self::Several => false,
            Self::OwnPersonalData | Self::EnvironmentalInformation | Self::ServiceMatter => true,
        }
    }

    /// The last day for answering under this law a request that came on a day: for one's own data a month later, or the last
    /// day of that month where it is shorter, UK GDPR Article 12(3); for environmental information twenty working days, EIR
    /// reg.5(2). `None` where the case has its own days, or no law sets one.
    ///
    /// # Errors
    /// The calendar ends before that day.
    pub fn due_on(
        self,
        received_on: Date,
        calendar: &Calendar,
    ) -> Result<Option<Date>, BeyondCalendar> {
        match self {
            Self::OwnPersonalData => Ok(Some(
                received_on.saturating_add(jiff::Span::new().months(1)),
            )),
            Self::EnvironmentalInformation => calendar
                .nth_working_day_after(received_on, ENVIRONMENTAL_INFORMATION)
                .map(Some),
            Self::FreedomOfInformation | Self::ServiceMatter | Self::Several => Ok(None),
        }
    }
}

/// How a request is dealt with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Under which law.
    pub regime: Regime,
    /// The team that goes on with it, and that is told who asked and what; `None` where it is dealt with here, or somebody
    /// passes it on themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed_to: Option<String>,
}

/// How a request is dealt with, since when and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Treated {
    /// How.
    pub treatment: Treatment,
    /// The last day for answering it under that law; `None` where the case has its own days, or no law sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The day on which that was chosen.
    pub chosen_on: Date,
    /// Whether it was passed on before, and is dealt with here after all.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub taken_back: bool,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use law::Calendar;

    use super::Regime;

    #[test]
    fn a_month_is_a_month_or_to_its_end_and_both_laws_keep_their_own_days() {
        let calendar =
            Calendar::parse(include_str!("../../../data/law/bank-holidays.csv")).unwrap();
        let due = |regime: Regime, received_on| regime.due_on(received_on, &calendar).unwrap();
        for (received_on, answered_by) in [
            (date(2026, 11, 2), date(2026, 12, 2)),
            (date(2027, 1, 31), date(2027, 2, 28)),
            (date(2026, 12, 31), date(2027, 1, 31)),
        ] {
            assert_eq!(due(Regime::OwnPersonalData, received_on), Some(answered_by));
        }
        // 30 November 2026 is a bank holiday in Scotland.
        assert_eq!(
            due(Regime::EnvironmentalInformation, date(2026, 11, 2)),
            Some(date(2026, 12, 1))
        );
        for regime in [
            Regime::FreedomOfInformation,
            Regime::ServiceMatter,
            Regime::Several,
        ] {
            assert_eq!(due(regime, date(2026, 11, 2)), None);
        }
    }
}
