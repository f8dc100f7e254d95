//! The lessons that come next: `DATABASE_URL=… cargo run -p client --example upcoming`.

use client::prisma_client_rust::SortOrder;
use client::prisma_client_rust::chrono::Utc;
use client::{PrismaClient, booking, student};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = PrismaClient::_builder().build().await?;
    let upcoming = client
        .booking()
        .find_many(vec![booking::start_at::gt(Utc::now().fixed_offset())])
        .order_by(booking::start_at::order(SortOrder::Asc))
        .take(5)
        .select(booking::select!({ start_at student: select { id full_name } }))
        .await?;
    for booking in &upcoming {
        println!("{} {}", booking.start_at, booking.student.full_name);
    }
    if let Some(booking) = upcoming.first() {
        let note = student::notes::set("has a lesson soon");
        client
            .student()
            .update(student::id::equals(booking.student.id.clone()), vec![note])
            .await?;
    }
    Ok(())
}
