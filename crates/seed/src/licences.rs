//! Which licence may take which lesson.

use chrono::{DateTime, Utc};
use client::license_compatibility_matrix as matrix;

use crate::Error;
use crate::identity::Identity;
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// The licence of a student, the lesson, the least age, and whether a parent has to agree.
const LICENCES: [(&str, &str, i32, bool); 3] = [
    ("learner", "60-minute lesson", 16, true),
    ("learner", "Test preparation", 17, true),
    ("provisional", "60-minute lesson", 17, false),
];

/// Which licence may take which lesson.
#[derive(Debug)]
pub(crate) struct Licences {
    org: String,
    ids: Vec<String>,
    created_at: DateTime<Utc>,
}

/// A row for each of [`LICENCES`].
pub(crate) fn invent(setting: &Setting, identity: &Identity) -> Licences {
    let id = |index| setting.id(&format!("licence/{index}"));
    Licences {
        org: identity.org.clone(),
        ids: (0..LICENCES.len()).map(id).collect(),
        created_at: setting.early(89),
    }
}

impl Licences {
    /// Writes the rows that are not there.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        let row = |(id, (student, lesson, age, consent)): (&String, _)| matrix::CreateUnchecked {
            org_id: self.org.clone(),
            student_license_type: str::to_owned(student),
            lesson_type: str::to_owned(lesson),
            instructor_license_req: "NSW driving instructor licence".to_owned(),
            is_compatible: true,
            _params: vec![
                matrix::id::set(id.clone()),
                matrix::min_student_age::set(Some(age)),
                matrix::requires_parental_consent::set(consent),
                matrix::created_at::set(stamp(self.created_at)),
                matrix::updated_at::set(stamp(self.created_at)),
            ],
        };
        writer.rows(self.ids.iter().zip(LICENCES).map(row).collect()).await
    }
}
