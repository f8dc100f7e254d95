//! sea-orm 2 as its book shows it: entities by derive, related rows by one join (`find_also`), new rows by `insert_many`.

use postgres::ConnectionUrl;
use sea_orm::entity::prelude::*;
use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::{ActiveValue, QueryOrder as _, QuerySelect as _, SqlxPostgresConnector};

use crate::data;

#[derive(Debug, Clone, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(
    rs_type = "String",
    db_type = "Enum",
    enum_name = "BookingStatus",
    rename_all = "snake_case"
)]
pub(crate) enum Status {
    Draft,
    PendingPayment,
    Requested,
    Confirmed,
    Scheduled,
    InProgress,
    Completed,
    Cancelled,
    NoShow,
}

pub(crate) mod booking {
    use super::{Status, instructor, service, student};
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "Booking", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub org_id: String,
        pub student_id: String,
        pub instructor_id: String,
        pub service_id: String,
        pub start_at: DateTime,
        pub end_at: DateTime,
        pub status: Status,
        pub pickup_address: Option<String>,
        pub pickup_lat: Option<Decimal>,
        pub pickup_lng: Option<Decimal>,
        pub dropoff_address: Option<String>,
        pub dropoff_lat: Option<Decimal>,
        pub dropoff_lng: Option<Decimal>,
        pub currency: String,
        pub price_cents: i32,
        pub platform_fee_cents: i32,
        pub instructor_share_cents: i32,
        pub notes: Option<String>,
        pub cancelled_by: Option<String>,
        pub cancelled_at: Option<DateTime>,
        pub cancellation_reason: Option<String>,
        pub rescheduled_from: Option<DateTime>,
        pub rescheduled_at: Option<DateTime>,
        pub reschedule_reason: Option<String>,
        pub previous_status: Option<Status>,
        pub status_changed_at: Option<DateTime>,
        pub status_changed_by: Option<String>,
        pub idempotency_key: Option<String>,
        pub created_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "student::Entity",
            from = "Column::StudentId",
            to = "student::Column::Id"
        )]
        Student,
        #[sea_orm(
            belongs_to = "instructor::Entity",
            from = "Column::InstructorId",
            to = "instructor::Column::Id"
        )]
        Instructor,
        #[sea_orm(
            belongs_to = "service::Entity",
            from = "Column::ServiceId",
            to = "service::Column::Id"
        )]
        Service,
    }

    impl Related<student::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Student.def()
        }
    }

    impl Related<instructor::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Instructor.def()
        }
    }

    impl Related<service::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Service.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod student {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "Student", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub org_id: String,
        pub full_name: String,
        pub phone: Option<String>,
        pub email: Option<String>,
        pub dob: Option<DateTime>,
        pub notes: Option<String>,
        pub created_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod instructor {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "Instructor", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub org_id: String,
        pub user_id: Option<String>,
        pub display_name: String,
        pub phone: Option<String>,
        pub license_id: Option<String>,
        pub active: bool,
        pub stripe_account_id: Option<String>,
        pub stripe_onboarding_status: String,
        pub stripe_capabilities: Option<Json>,
        pub stripe_requirements_due: Option<Json>,
        pub stripe_connected_at: Option<DateTime>,
        pub stripe_disconnected_at: Option<DateTime>,
        pub created_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) mod service {
    use sea_orm::entity::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "Service", rename_all = "camelCase")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub org_id: String,
        pub name: String,
        pub description: Option<String>,
        pub duration_min: i32,
        pub active: bool,
        pub created_at: DateTime,
        pub updated_at: DateTime,
    }

    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

type Joined =
    (booking::Model, Option<student::Model>, Option<instructor::Model>, Option<service::Model>);

pub(crate) struct SeaOrm {
    connection: DatabaseConnection,
}

impl SeaOrm {
    pub(crate) async fn connect(url: &ConnectionUrl, connections: u32) -> SeaOrm {
        let options = PgConnectOptions::new_without_pgpass()
            .host(url.host())
            .port(url.port())
            .username(url.user())
            .database(url.database());
        let pool = PgPoolOptions::new().max_connections(connections).connect_with(options).await;
        let pool = pool.expect("the server is there");
        SeaOrm { connection: SqlxPostgresConnector::from_sqlx_postgres_pool(pool) }
    }

    pub(crate) async fn find(&self, turn: usize) -> booking::Model {
        let row = booking::Entity::find_by_id(data::id(turn)).one(&self.connection).await;
        row.expect("an answer").expect("it is there")
    }

    pub(crate) async fn many(&self) -> Vec<booking::Model> {
        let query = booking::Entity::find().order_by_asc(booking::Column::Id).limit(1_000);
        query.all(&self.connection).await.expect("they are there")
    }

    pub(crate) async fn joined(&self) -> Vec<Joined> {
        let query = booking::Entity::find()
            .find_also(booking::Entity, student::Entity)
            .find_also(booking::Entity, instructor::Entity)
            .find_also(booking::Entity, service::Entity)
            .order_by_asc(booking::Column::Id)
            .limit(500);
        query.all(&self.connection).await.expect("they are there")
    }

    pub(crate) async fn insert(&self, count: usize) {
        let rows = (0..count).map(|number| {
            let time = data::start(number).naive_utc();
            let text = |value: &str| ActiveValue::Set(value.to_owned());
            booking::ActiveModel {
                id: ActiveValue::Set(data::new_id(number)),
                org_id: text("org"),
                student_id: text("s1"),
                instructor_id: text("i1"),
                service_id: text("v1"),
                start_at: ActiveValue::Set(time),
                end_at: ActiveValue::Set(time),
                price_cents: ActiveValue::Set(9_000),
                platform_fee_cents: ActiveValue::Set(900),
                instructor_share_cents: ActiveValue::Set(8_100),
                created_at: ActiveValue::Set(time),
                status_changed_at: ActiveValue::Set(Some(time)),
                updated_at: ActiveValue::Set(time),
                ..Default::default()
            }
        });
        let made = booking::Entity::insert_many(rows).exec_without_returning(&self.connection);
        let made = made.await.expect("they can be inserted");
        assert_eq!(made, count as u64);
    }
}
