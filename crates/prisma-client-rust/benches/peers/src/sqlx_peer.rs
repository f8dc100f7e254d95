//! sqlx as a careful hand writes it: its pool, its statement cache, read by position.

use chrono::NaiveDateTime;
use postgres::ConnectionUrl;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::data;
use crate::rows::{self, Booking, Instructor, Service, Student};

pub(crate) struct Sqlx {
    pool: PgPool,
    by_id: &'static str,
    many: &'static str,
    joined: &'static str,
}

impl Sqlx {
    pub(crate) async fn connect(url: &ConnectionUrl, connections: u32) -> Sqlx {
        let options = PgConnectOptions::new_without_pgpass()
            .host(url.host())
            .port(url.port())
            .username(url.user())
            .database(url.database());
        let pool = PgPoolOptions::new().max_connections(connections).connect_with(options).await;
        // sqlx takes texts that last as long as the program.
        let text = |sql: String| -> &'static str { Box::leak(sql.into_boxed_str()) };
        Sqlx {
            pool: pool.expect("the server is there"),
            by_id: text(rows::by_id()),
            many: text(rows::many()),
            joined: text(rows::joined()),
        }
    }

    pub(crate) async fn find(&self, turn: usize) -> Booking {
        let row = sqlx::query(self.by_id).bind(data::id(turn)).fetch_one(&self.pool).await;
        Booking::of_sqlx(&row.expect("it is there"), 0)
    }

    pub(crate) async fn many(&self) -> Vec<Booking> {
        let rows = sqlx::query(self.many).fetch_all(&self.pool).await.expect("they are there");
        rows.iter().map(|row| Booking::of_sqlx(row, 0)).collect()
    }

    pub(crate) async fn joined(&self) -> Vec<(Booking, Student, Instructor, Service)> {
        let rows = sqlx::query(self.joined).fetch_all(&self.pool).await.expect("they are there");
        let (student, instructor) = (rows::BOOKING, rows::BOOKING + rows::STUDENT);
        rows.iter()
            .map(|row| {
                (
                    Booking::of_sqlx(row, 0),
                    Student::of_sqlx(row, student),
                    Instructor::of_sqlx(row, instructor),
                    Service::of_sqlx(row, instructor + rows::INSTRUCTOR),
                )
            })
            .collect()
    }

    /// INSERT from one array a column.
    pub(crate) async fn insert(&self, count: usize) {
        let ids: Vec<String> = (0..count).map(data::new_id).collect();
        let times: Vec<NaiveDateTime> =
            (0..count).map(|number| data::start(number).naive_utc()).collect();
        let text = |value: &str| vec![value.to_owned(); count];
        let sql = "INSERT INTO \"Booking\" (\"id\", \"orgId\", \"studentId\", \"instructorId\", \"serviceId\", \"startAt\", \
                   \"endAt\", \"priceCents\", \"platformFeeCents\", \"instructorShareCents\", \"createdAt\", \"statusChangedAt\", \
                   \"updatedAt\") SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], \
                   $6::timestamp[], $7::timestamp[], $8::int[], $9::int[], $10::int[], $11::timestamp[], $12::timestamp[], \
                   $13::timestamp[])";
        let done = sqlx::query(sql)
            .bind(ids)
            .bind(text("org"))
            .bind(text("s1"))
            .bind(text("i1"))
            .bind(text("v1"))
            .bind(times.clone())
            .bind(times.clone())
            .bind(vec![9_000_i32; count])
            .bind(vec![900_i32; count])
            .bind(vec![8_100_i32; count])
            .bind(times.clone())
            .bind(times.clone())
            .bind(times)
            .execute(&self.pool)
            .await;
        assert_eq!(done.expect("they can be inserted").rows_affected(), count as u64);
    }
}
