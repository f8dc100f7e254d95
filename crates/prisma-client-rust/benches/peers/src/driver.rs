//! tokio-postgres as a careful hand writes it: prepared once, read by position.

use postgres::{Connection, ConnectionUrl};
use tokio_postgres::Statement;

use crate::data;
use crate::rows::{self, Booking, Instructor, Service, Student};

pub(crate) struct Driver {
    client: Connection,
    by_id: Statement,
    many: Statement,
    joined: Statement,
}

impl Driver {
    pub(crate) async fn connect(url: &ConnectionUrl) -> Driver {
        let client = postgres::connect(url).await.expect("the server is there");
        let prepare = async |sql: &str| client.prepare(sql).await.expect("it can be prepared");
        let (by_id, many, joined) = (
            prepare(&rows::by_id()).await,
            prepare(&rows::many()).await,
            prepare(&rows::joined()).await,
        );
        Driver { client, by_id, many, joined }
    }

    pub(crate) async fn find(&self, turn: usize) -> Booking {
        let row =
            (*self.client).query_one(&self.by_id, &[&data::id(turn)]).await.expect("it is there");
        Booking::of(&row, 0)
    }

    pub(crate) async fn many(&self) -> Vec<Booking> {
        let rows = (*self.client).query(&self.many, &[]).await.expect("they are there");
        rows.iter().map(|row| Booking::of(row, 0)).collect()
    }

    pub(crate) async fn joined(&self) -> Vec<(Booking, Student, Instructor, Service)> {
        let rows = (*self.client).query(&self.joined, &[]).await.expect("they are there");
        rows.iter()
            .map(|row| {
                let (student, instructor) = (rows::BOOKING, rows::BOOKING + rows::STUDENT);
                (
                    Booking::of(row, 0),
                    Student::of(row, student),
                    Instructor::of(row, instructor),
                    Service::of(row, instructor + rows::INSTRUCTOR),
                )
            })
            .collect()
    }
}
