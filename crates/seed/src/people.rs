//! Those who teach and learn: Casey, Alex with one guardian, and other students to fill Casey's weeks.

use chrono::{DateTime, Duration, NaiveTime, Utc};
use client::{guardian, instructor, student, student_guardian};
use rand::{Rng, RngExt as _};
use serde_json::json;

use crate::Error;
use crate::identity::{EMAILS, Identity};
use crate::invent::place::{self, Place};
use crate::invent::{name, phone};
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// How many students there are beside Alex.
const OTHERS: usize = 11;

/// Where the telephone numbers of students and guardians begin: those before belong to the accounts.
const FIRST_STUDENT: usize = EMAILS.len();
const FIRST_GUARDIAN: usize = FIRST_STUDENT + 1 + OTHERS;

/// Those who teach and learn.
#[derive(Debug)]
pub(crate) struct People {
    org: String,
    pub(crate) casey: Instructor,
    /// Alex first.
    pub(crate) students: Vec<Student>,
    guardians: Vec<Guardian>,
}

/// Someone who teaches.
#[derive(Debug)]
pub(crate) struct Instructor {
    pub(crate) id: String,
    /// The instructor's account.
    pub(crate) user: String,
    name: String,
    phone: String,
    licence: String,
    pub(crate) stripe_account: String,
    created_at: DateTime<Utc>,
}

/// Someone who learns.
#[derive(Debug, Clone)]
pub(crate) struct Student {
    pub(crate) id: String,
    /// The student's account, for those who have one.
    pub(crate) user: Option<String>,
    pub(crate) name: String,
    pub(crate) phone: String,
    pub(crate) email: String,
    pub(crate) home: Place,
    born: DateTime<Utc>,
    notes: Option<String>,
    pub(crate) created_at: DateTime<Utc>,
}

/// A parent or carer of one student.
#[derive(Debug)]
struct Guardian {
    id: String,
    link: String,
    student: String,
    name: String,
    phone: String,
    relation: &'static str,
    created_at: DateTime<Utc>,
}

/// Casey, Alex, the others and the guardians of those under 18.
pub(crate) fn invent(setting: &Setting, identity: &Identity) -> People {
    team(setting, identity, OTHERS)
}

/// An instructor, a student with an account and so many without, and their guardians.
pub(crate) fn team(setting: &Setting, identity: &Identity, others: usize) -> People {
    let alex = &identity.student;
    let mut students = vec![Student {
        user: Some(alex.id.clone()),
        name: alex.full_name.clone(),
        phone: alex.phone.clone(),
        email: alex.email.clone(),
        ..student(setting, "student/alex", 0, 17)
    }];
    for index in 0..others {
        let path = format!("student/{index}");
        let age = setting.dice(&format!("{path}/age")).random_range(16..40);
        students.push(student(setting, &path, index + 1, age));
    }
    let adult_since = setting.days_ago(18 * 365 + 5);
    let minors = students.iter().filter(|student| student.born > adult_since);
    let guardians =
        minors.enumerate().map(|(place, student)| guardian(setting, place, student)).collect();
    People { org: identity.org.clone(), casey: casey(setting, identity), students, guardians }
}

fn casey(setting: &Setting, identity: &Identity) -> Instructor {
    let account = &identity.instructor;
    Instructor {
        id: setting.id("instructor/casey"),
        user: account.id.clone(),
        name: account.full_name.clone(),
        phone: account.phone.clone(),
        licence: licence(&mut setting.dice("instructor/casey")),
        stripe_account: setting.token("acct", "instructor/casey"),
        created_at: setting.early(88),
    }
}

fn student(setting: &Setting, path: &str, place: usize, age: i64) -> Student {
    let dice = &mut setting.dice(path);
    let name = format!("{} {}", name::given(dice), name::family(dice));
    let birthday =
        setting.now.date_naive() - Duration::days(age * 365 + age / 4 + dice.random_range(1..340));
    let notes = [
        None,
        Some("Nervous on roundabouts"),
        Some("Prefers an automatic car"),
        Some("Test booked"),
    ];
    Student {
        id: setting.id(path),
        user: None,
        phone: phone::mobile(FIRST_STUDENT + place),
        email: name::email(&name),
        name,
        home: place::home(dice),
        born: birthday.and_time(NaiveTime::MIN).and_utc(),
        notes: notes[dice.random_range(0..notes.len())].map(str::to_owned),
        created_at: setting.early(dice.random_range(45..85)),
    }
}

fn guardian(setting: &Setting, place: usize, student: &Student) -> Guardian {
    let path = format!("guardian/{}", student.id);
    let dice = &mut setting.dice(&path);
    let family = student.name.rsplit(' ').next().unwrap_or_default();
    Guardian {
        id: setting.id(&path),
        link: setting.id(&format!("{path}/link")),
        student: student.id.clone(),
        name: format!("{} {family}", name::given(dice)),
        phone: phone::mobile(FIRST_GUARDIAN + place),
        relation: ["mother", "father", "grandparent"][dice.random_range(0..3_usize)],
        created_at: student.created_at,
    }
}

/// A driver licence as New South Wales numbers them: eight digits.
fn licence(dice: &mut impl Rng) -> String {
    dice.random_range(10_000_000..100_000_000).to_string()
}

impl People {
    /// Writes instructor, students and guardians.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.instructors()).await?;
        writer.rows(self.students.iter().map(|student| self.student(student)).collect()).await?;
        writer.rows(self.guardians.iter().map(guardian_row).collect()).await?;
        writer.rows(self.guardians.iter().map(link_row).collect()).await
    }

    fn instructors(&self) -> Vec<instructor::CreateUnchecked> {
        let casey = &self.casey;
        vec![instructor::CreateUnchecked {
            org_id: self.org.clone(),
            display_name: casey.name.clone(),
            _params: vec![
                instructor::id::set(casey.id.clone()),
                instructor::user_id::set(Some(casey.user.clone())),
                instructor::phone::set(Some(casey.phone.clone())),
                instructor::license_id::set(Some(casey.licence.clone())),
                instructor::stripe_account_id::set(Some(casey.stripe_account.clone())),
                instructor::stripe_onboarding_status::set("complete".to_owned()),
                instructor::stripe_capabilities::set(Some(
                    json!({"card_payments": "active", "transfers": "active"}),
                )),
                instructor::stripe_requirements_due::set(Some(json!([]))),
                instructor::stripe_connected_at::set(Some(stamp(casey.created_at))),
                instructor::created_at::set(stamp(casey.created_at)),
                instructor::updated_at::set(stamp(casey.created_at)),
            ],
        }]
    }

    fn student(&self, row: &Student) -> student::CreateUnchecked {
        student::CreateUnchecked {
            org_id: self.org.clone(),
            full_name: row.name.clone(),
            _params: vec![
                student::id::set(row.id.clone()),
                student::phone::set(Some(row.phone.clone())),
                student::email::set(Some(row.email.clone())),
                student::dob::set(Some(stamp(row.born))),
                student::notes::set(row.notes.clone()),
                student::created_at::set(stamp(row.created_at)),
                student::updated_at::set(stamp(row.created_at)),
            ],
        }
    }
}

fn guardian_row(row: &Guardian) -> guardian::CreateUnchecked {
    guardian::CreateUnchecked {
        full_name: row.name.clone(),
        _params: vec![
            guardian::id::set(row.id.clone()),
            guardian::phone::set(Some(row.phone.clone())),
            guardian::email::set(Some(name::email(&row.name))),
            guardian::created_at::set(stamp(row.created_at)),
            guardian::updated_at::set(stamp(row.created_at)),
        ],
    }
}

fn link_row(row: &Guardian) -> student_guardian::CreateUnchecked {
    student_guardian::CreateUnchecked {
        student_id: row.student.clone(),
        guardian_id: row.id.clone(),
        _params: vec![
            student_guardian::id::set(row.link.clone()),
            student_guardian::relation::set(Some(row.relation.to_owned())),
        ],
    }
}
