use sobject_core::{SObject, Store, chrono::{DateTime, NaiveDate, Utc}, count_rows};

#[derive(SObject)]
#[sobject(key_prefix = "a00")]
struct Invoice {
    #[field(create, filter, group, sort)] code: String,
    #[field(create, filter, group, sort)] seats: i32,
    #[field(create, filter, group, sort)] due: NaiveDate,
    #[field(create)] paid_at: DateTime<Utc>,
}

fn main() {
    let db = Store::in_memory(&[Invoice::OBJECT]).unwrap().system();
    let invoice = &Invoice::FIELDS;
    let invoices = || db.query::<Invoice>();
    let year = || invoice.due.calendar_year();
    let _ = invoice.seats.calendar_year();
    let _ = invoice.due.hour_in_day();
    let _ = year().in_zone();
    let _ = invoice.paid_at.calendar_year().eq(2026);
    let _ = year().eq("2026");
    let _ = invoices().select(year());
    let _ = invoices().order_by(year().asc());
    let _ = invoices().order_by(count_rows().desc());
    let _ = invoices().group_by_rollup(year());
    let _ = invoices().group_by_cube((invoice.code, invoice.seats, invoice.due, invoice.id));
    let _ = invoice.paid_at.grouping();
    let _ = invoice.code.label();
    let _ = invoice.code.format();
    let _ = invoices().select(invoice.seats.sum().format());
}
