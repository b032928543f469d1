//! Directories of a thousand and of two hundred thousand users.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::endpoint::{Answers, Endpoint};
use super::network::upstream::Upstream;
use super::plot::{Line, Lines};
use super::run::{Memory, Times, digits, in_turn, number};
use super::setup::{Setup, request};

/// How many users, and how often their list is read at each latency, in ms: two thousand pages of 50 ms take long. At 50 ms
/// pages come as fast as AWS allows, 20 a second.
const SIZES: [(usize, [usize; 2]); 4] = [(1_000, [15, 5]), (10_000, [9, 2]), (50_000, [5, 1]), (200_000, [3, 0])];
const LATENCIES: [u64; 2] = [0, 50];

/// One size at one latency.
struct Point {
    users: usize,
    latency: u64,
    product: Times,
    bare: Times,
}

/// What memory came to.
struct Peak {
    users: usize,
    memory: Memory,
    answer: u64,
}

pub fn measure(setup: &Setup) -> String {
    let (mut points, mut peaks) = (Vec::new(), Vec::new());
    for (users, rounds) in SIZES {
        let answers = Arc::new(Answers::of(users));
        for (latency, rounds) in LATENCIES.into_iter().zip(rounds).filter(|(_, rounds)| *rounds > 0) {
            let endpoint = Endpoint::start(&answers, Duration::from_millis(latency), None);
            let product = setup.product(&request(&endpoint.url(), "list-users", &json!({})));
            let sent = endpoint.first_of(&product);
            let bare = setup.bare(&endpoint, sent);
            let [product_times, bare] = in_turn(rounds, [&mut || product.time().0, &mut || bare.time().0]);
            points.push(Point { users, latency, product: product_times, bare });
            if latency == 0 {
                let (_, answer) = product.time();
                peaks.push(Peak { users, memory: product.peak(), answer });
            }
        }
    }
    draw(&points, &peaks);
    format!(
        "\
### Scale: `list-users` of a whole directory

From the start of the process to its end, the answer read from a pipe. The bare program fetches the same pages one after the
other, as their tokens demand, and throws them away. AWS allows 20 pages a second (AWS: IAM Identity Center quotas), so that a
page takes 50 ms on average, however soon it is answered. The bound is 1.1 times the bare program at 50 ms a page.

| users | latency of a page | this program | bare program | ratio | a user costs more |
| --- | --- | --- | --- | --- | --- |
{}
![Time](performance/scale.svg)

Memory, over http at 0 ms. The bound is 1.3 times the answer for 50,000 users and more.

| users | the answer | peak memory | times the answer |
| --- | --- | --- | --- |
{}
![Memory](performance/memory.svg)

{}",
        points.iter().fold(String::new(), |rows, point| rows + &point.row()),
        peaks.iter().fold(String::new(), |rows, peak| rows + &peak.row()),
        by_email(setup),
    )
}

impl Point {
    fn row(&self) -> String {
        let (own, bare) = (self.product.median(), self.bare.median());
        let (ratio, more) = (digits(own / bare), digits((own - bare) * 1e6 / number(self.users as u64)));
        let (own, bare) = (self.product.shown(), self.bare.shown());
        format!("| {} | {} ms | {own} | {bare} | {ratio} | {more} µs |\n", self.users, self.latency)
    }
}

impl Peak {
    fn row(&self) -> String {
        let answer = self.answer / 1024;
        let times = digits(number(self.memory.peak) / number(answer));
        let [answer, peak] = [answer, self.memory.peak].map(Memory::mebibytes);
        format!("| {} | {answer} | {peak} | {times} |\n", self.users)
    }
}

/// An exact hit in two directories of the sandbox.
fn by_email(setup: &Setup) -> String {
    const USERS: [usize; 2] = [1_000, 200_000];
    const ROUNDS: usize = 60;
    let directories = USERS.map(Upstream::users_in_group);
    let programs = directories.each_ref().map(|directory| {
        let url = format!("http://{}", directory.address);
        let state = directory.state();
        let address = &state["users"][0]["Emails"][0]["Value"];
        setup.product(&request(&url, "get-user-by-email", &json!({"emailAddress": address})))
    });
    let [small, large] = &programs;
    let [small, large] = in_turn(ROUNDS, [&mut || small.time().0, &mut || large.time().0]);
    let mut text = String::from(
        "`get-user-by-email`, an address that AWS knows exactly, in directories of the sandbox, from the start of the \
         process to its\nend. The aim is that the size does not matter.\n\n| users | time |\n| --- | --- |\n",
    );
    for (users, times) in USERS.iter().zip([&small, &large]) {
        let _ = writeln!(text, "| {users} | {} |", times.shown());
    }
    let _ = writeln!(text, "\nThe ratio is {}.", digits(large.median() / small.median()));
    text
}

fn draw(points: &[Point], peaks: &[Peak]) {
    let line = |name: String, latency: u64, times: fn(&Point) -> &Times| {
        let points = points.iter().filter(|point| point.latency == latency);
        Line { name, points: points.map(|point| (number(point.users as u64), times(point).median())).collect() }
    };
    let lines = LATENCIES.map(|latency| {
        [
            line(format!("this program, {latency} ms a page"), latency, |point| &point.product),
            line(format!("bare program, {latency} ms a page"), latency, |point| &point.bare),
        ]
    });
    Lines {
        file: "scale.svg",
        title: "list-users of a whole directory",
        axes: ["users, logarithmic", "s, logarithmic"],
        lines: &lines.concat(),
    }
    .draw();
    let line = |name: &str, size: fn(&Peak) -> u64| Line {
        name: name.to_owned(),
        points: peaks.iter().map(|peak| (number(peak.users as u64), number(size(peak)) / 1_048_576.0)).collect(),
    };
    Lines {
        file: "memory.svg",
        title: "Memory for list-users of a whole directory",
        axes: ["users, logarithmic", "MiB, logarithmic"],
        lines: &[line("peak memory", |peak| peak.memory.peak * 1024), line("the answer", |peak| peak.answer)],
    }
    .draw();
}
