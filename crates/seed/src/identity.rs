//! The school and those who sign in to it: one account of each role.
//!
//! An e-mail address is unique among all schools, so an account that already has it is used as it is, whoever made it.
//! Accounts have no password: its hash is the business of the API that checks it.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use client::{OrgRole, org, user, user_org};

use crate::Error;
use crate::invent::{abn, name, phone};
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// How long before the seed's now the school was founded. [`founded_at`] and [`now_of`] depend on it.
const FOUNDED_DAYS_AGO: i64 = 90;

/// The school and its accounts.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) org: String,
    pub(crate) owner: Account,
    pub(crate) office: Account,
    pub(crate) instructor: Account,
    pub(crate) student: Account,
    abn: String,
    founded_at: DateTime<Utc>,
}

/// Someone who signs in.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: &'static str,
    pub(crate) full_name: String,
    pub(crate) phone: String,
    membership: String,
    role: OrgRole,
}

/// The id of the demo school.
pub(crate) fn org_id(setting: &Setting) -> String {
    setting.id("org")
}

/// The seed's now of a school that was seeded before.
pub(crate) fn now_of(founded_at: DateTime<Utc>) -> DateTime<Utc> {
    founded_at + chrono::Duration::days(FOUNDED_DAYS_AGO)
}

/// The addresses of the accounts, to look up who has them.
pub(crate) const EMAILS: [&str; 4] =
    ["owner@demo.com", "office@demo.com", "casey@demo.com", "alex@demo.com"];

/// The school and its accounts; `taken` are the ids of the accounts that already have one of [`EMAILS`].
pub(crate) fn invent(setting: &Setting, taken: &BTreeMap<String, String>) -> Identity {
    let account = |place: usize, given: Option<&str>, role: OrgRole| {
        let email = EMAILS[place];
        let path = format!("user/{email}");
        let dice = &mut setting.dice(&path);
        let given = given.map_or_else(|| name::given(dice), str::to_owned);
        Account {
            id: taken.get(email).cloned().unwrap_or_else(|| setting.id(&path)),
            email,
            full_name: format!("{given} {}", name::family(dice)),
            phone: phone::mobile(place),
            membership: setting.id(&format!("member/{email}")),
            role,
        }
    };
    Identity {
        org: org_id(setting),
        owner: account(0, None, OrgRole::Owner),
        office: account(1, None, OrgRole::Admin),
        instructor: account(2, Some("Casey"), OrgRole::Instructor),
        student: account(3, Some("Alex"), OrgRole::Student),
        abn: abn::abn(&mut setting.dice("abn")),
        founded_at: setting.days_ago(FOUNDED_DAYS_AGO),
    }
}

impl Identity {
    fn accounts(&self) -> [&Account; 4] {
        [&self.owner, &self.office, &self.instructor, &self.student]
    }

    /// Writes the school, the users and their roles.
    pub(crate) async fn write(&self, writer: &mut Writer<'_>) -> Result<(), Error> {
        writer.rows(self.orgs()).await?;
        writer.rows(self.users()).await?;
        writer.rows(self.members()).await
    }

    fn orgs(&self) -> Vec<org::CreateUnchecked> {
        vec![org::CreateUnchecked {
            name: "Demo Driving School".to_owned(),
            _params: vec![
                org::id::set(self.org.clone()),
                org::abn::set(Some(self.abn.clone())),
                org::time_zone::set("Australia/Sydney".to_owned()),
                org::created_at::set(stamp(self.founded_at)),
                org::updated_at::set(stamp(self.founded_at)),
            ],
        }]
    }

    fn users(&self) -> Vec<user::CreateUnchecked> {
        let row = |account: &Account| user::CreateUnchecked {
            email: account.email.to_owned(),
            full_name: account.full_name.clone(),
            _params: vec![
                user::id::set(account.id.clone()),
                user::phone::set(Some(account.phone.clone())),
                user::created_at::set(stamp(self.founded_at)),
                user::updated_at::set(stamp(self.founded_at)),
            ],
        };
        self.accounts().map(row).into()
    }

    fn members(&self) -> Vec<user_org::CreateUnchecked> {
        let row = |account: &Account| user_org::CreateUnchecked {
            user_id: account.id.clone(),
            org_id: self.org.clone(),
            role: account.role,
            _params: vec![
                user_org::id::set(account.membership.clone()),
                user_org::created_at::set(stamp(self.founded_at)),
            ],
        };
        self.accounts().map(row).into()
    }
}
