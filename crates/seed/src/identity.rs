//! The school and those who sign in to it: one account of each role.
//!
//! An e-mail address is unique among all schools, so an account that already has it is used as it is, whoever made it.
//! Accounts have no password: its hash is the business of the API that checks it.

use chrono::{DateTime, Utc};
use client::{OrgRole, org, user, user_org};

use crate::Error;
use crate::invent::{abn, name, phone, place};
use crate::setting::Setting;
use crate::write::{Writer, stamp};

/// How long before the seed's now the school was founded, as [`Setting::early`] counts.
const FOUNDED_DAYS_AGO: i64 = 90;

/// The school and its accounts.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) org: String,
    pub(crate) owner: Account,
    pub(crate) office: Account,
    pub(crate) instructor: Account,
    pub(crate) student: Account,
    name: String,
    abn: String,
    founded_at: DateTime<Utc>,
}

/// Someone who signs in.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
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
pub(crate) fn now_of(setting: &Setting, founded_at: DateTime<Utc>) -> DateTime<Utc> {
    setting.now_of(founded_at, FOUNDED_DAYS_AGO)
}

/// The addresses of the accounts, to look up who has them.
pub(crate) const EMAILS: [&str; 4] =
    ["owner@demo.com", "office@demo.com", "casey@demo.com", "alex@demo.com"];

/// The demo school and its accounts.
pub(crate) fn invent(setting: &Setting) -> Identity {
    let account = |place: usize, given, role| account(setting, EMAILS[place], place, given, role);
    Identity {
        org: org_id(setting),
        owner: account(0, None, OrgRole::Owner),
        office: account(1, None, OrgRole::Admin),
        instructor: account(2, Some("Casey"), OrgRole::Instructor),
        student: account(3, Some("Alex"), OrgRole::Student),
        name: "Demo Driving School".to_owned(),
        abn: abn::abn(&mut setting.dice("abn")),
        founded_at: setting.early(FOUNDED_DAYS_AGO),
    }
}

/// One school of many, with its owner, its office and the first of its teams.
pub(crate) fn one_of_many(setting: &Setting, team: &Setting) -> Identity {
    let account = |within: &Setting, place, word, role| {
        // The letters are of the setting: no other school has the address.
        let email = format!("{}@example.com", within.token(word, "email"));
        account(within, &email, place, None, role)
    };
    let suburb = place::home(&mut setting.dice("suburb")).suburb;
    Identity {
        org: org_id(setting),
        owner: account(setting, 0, "owner", OrgRole::Owner),
        office: account(setting, 1, "office", OrgRole::Admin),
        instructor: account(team, 2, "instructor", OrgRole::Instructor),
        student: account(team, 3, "student", OrgRole::Student),
        name: format!("{suburb} Driving School"),
        abn: abn::abn(&mut setting.dice("abn")),
        founded_at: setting.early(FOUNDED_DAYS_AGO),
    }
}

fn account(
    setting: &Setting,
    email: &str,
    place: usize,
    given: Option<&str>,
    role: OrgRole,
) -> Account {
    let path = format!("user/{email}");
    let dice = &mut setting.dice(&path);
    let given = given.map_or_else(|| name::given(dice), str::to_owned);
    Account {
        id: setting.account(email).unwrap_or_else(|| setting.id(&path)),
        email: email.to_owned(),
        full_name: format!("{given} {}", name::family(dice)),
        phone: phone::mobile(place),
        membership: setting.id(&format!("member/{email}")),
        role,
    }
}

impl Identity {
    /// Writes the school, the users and their roles.
    pub(crate) async fn write(&self, writer: &mut Writer) -> Result<(), Error> {
        let accounts = [&self.owner, &self.office, &self.instructor, &self.student];
        writer.rows(self.orgs()).await?;
        self.write_accounts(writer, &accounts).await
    }

    /// Writes the school and its owner.
    pub(crate) async fn write_owner(&self, writer: &mut Writer) -> Result<(), Error> {
        writer.rows(self.orgs()).await?;
        self.write_accounts(writer, &[&self.owner]).await
    }

    /// Writes some of the users and their roles.
    pub(crate) async fn write_accounts(
        &self,
        writer: &mut Writer,
        accounts: &[&Account],
    ) -> Result<(), Error> {
        writer.rows(accounts.iter().map(|account| self.user(account)).collect()).await?;
        writer.rows(accounts.iter().map(|account| self.member(account)).collect()).await
    }

    fn orgs(&self) -> Vec<org::CreateUnchecked> {
        vec![org::CreateUnchecked {
            name: self.name.clone(),
            _params: vec![
                org::id::set(self.org.clone()),
                org::abn::set(Some(self.abn.clone())),
                org::time_zone::set("Australia/Sydney".to_owned()),
                org::created_at::set(stamp(self.founded_at)),
                org::updated_at::set(stamp(self.founded_at)),
            ],
        }]
    }

    fn user(&self, account: &Account) -> user::CreateUnchecked {
        user::CreateUnchecked {
            email: account.email.clone(),
            full_name: account.full_name.clone(),
            _params: vec![
                user::id::set(account.id.clone()),
                user::phone::set(Some(account.phone.clone())),
                user::created_at::set(stamp(self.founded_at)),
                user::updated_at::set(stamp(self.founded_at)),
            ],
        }
    }

    fn member(&self, account: &Account) -> user_org::CreateUnchecked {
        user_org::CreateUnchecked {
            user_id: account.id.clone(),
            org_id: self.org.clone(),
            role: account.role,
            _params: vec![
                user_org::id::set(account.membership.clone()),
                user_org::created_at::set(stamp(self.founded_at)),
            ],
        }
    }
}
