//! Makes a shop from the command line: `cargo run -p demo --example make -- shop.sqlite 600000`.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().ok_or("name the file to make")?);
    let orders = match arguments.next() {
        Some(orders) => orders.parse()?,
        None => demo::Options::default().orders,
    };
    let today = demo::today(jiff::Timestamp::now());
    let started = std::time::Instant::now();
    let summary = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(demo::make(
            &path,
            today,
            demo::Options { orders },
            |what, done| {
                eprintln!("{:3.0} % {what}", done * 100.0);
            },
        ))?;
    println!("{summary:#?} in {:.1?}", started.elapsed());
    Ok(())
}
