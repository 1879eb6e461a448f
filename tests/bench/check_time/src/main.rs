//! How long the compiler takes to check objects, beside serde's two derives on the same structs.
//!
//! Makes a workspace of three packages with the same fifty structs of twenty fields: bare, with
//! `#[derive(SObject)]`, and with `#[derive(Serialize, Deserialize)]`. Then it times `cargo check`
//! of each in turn, with all dependencies checked before, from nothing but those: `cargo clean`
//! removes what cargo knows of the package between rounds. Last, it builds the smallest program there
//! is with all crates that it needs, from nothing.
//!
//! Usage: `cargo run --release -p check_time [-- ROUNDS]`; seven rounds unless said otherwise.

mod generate;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use generate::{N_FIELDS, N_OBJECTS, Package};

/// Whatever goes wrong ends it.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("check_time: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let rounds = env::args().nth(1).map_or(Ok(7), |word| word.parse())?;
    let workspace = Workspace::make()?;
    let mut seconds = Package::ALL.map(|_| Vec::new());
    for round in 0..=rounds {
        for (package, seconds) in Package::ALL.into_iter().zip(&mut seconds) {
            let time = workspace.check(package)?;
            // The first round has checked the dependencies too.
            if round > 0 {
                seconds.push(time);
            }
        }
    }
    println!("cargo check of {N_OBJECTS} objects of {N_FIELDS} fields, {rounds} rounds\n");
    println!("{:<24}{:>10}{:>16}{:>18}", "", "median", "least-most", "lines a field");
    for (package, seconds) in Package::ALL.into_iter().zip(&seconds) {
        let least = seconds.iter().copied().fold(f64::INFINITY, f64::min);
        let most = seconds.iter().copied().fold(0.0, f64::max);
        println!(
            "{:<24}{:>8.2} s{:>16}{:>18.1}",
            package.name(),
            median(seconds),
            format!("{least:.2}-{most:.2}"),
            workspace.expanded_lines(package)? / f64::from(N_OBJECTS * N_FIELDS),
        );
    }
    let [bare, sobject, serde] = &seconds;
    let ratio = |over: &dyn Fn(usize) -> f64| {
        let ratios: Vec<_> =
            (0..serde.len()).map(|n| (sobject[n] - over(n)) / (serde[n] - over(n))).collect();
        median(&ratios)
    };
    let whole = ratio(&|_| 0.0);
    println!(
        "\nsobject to serde: {whole:.2} (aim <= 1.2: {})",
        if whole <= 1.2 { "ok" } else { "no" }
    );
    println!("the same, less what the bare structs take: {:.2}", ratio(&|n| bare[n]));
    println!("\nclean build of the smallest program, with all crates: {:.1} s", workspace.build()?);
    Ok(())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The generated workspace.
struct Workspace {
    dir: PathBuf,
}

impl Workspace {
    /// Writes it beside the bench's own artefacts, where it finds its dependencies again the next
    /// time.
    fn make() -> Outcome<Self> {
        let bench = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no bench")?;
        let core = bench.join("../../sobject-core").canonicalize()?;
        let exe = env::current_exe()?;
        let target = exe.ancestors().nth(2).ok_or("no target directory")?;
        let dir = target.join("check_time");
        fs::create_dir_all(&dir)?;
        fs::write(dir.join("Cargo.toml"), generate::WORKSPACE)?;
        // The versions that the bench is built with.
        fs::copy(bench.join("Cargo.lock"), dir.join("Cargo.lock"))?;
        for package in Package::ALL {
            let dir = dir.join(package.name());
            fs::create_dir_all(dir.join("src"))?;
            fs::write(dir.join("Cargo.toml"), package.manifest(&core))?;
            fs::write(dir.join("src/lib.rs"), package.source())?;
        }
        let smallest = dir.join("smallest");
        fs::create_dir_all(smallest.join("src"))?;
        fs::write(smallest.join("Cargo.toml"), generate::smallest_manifest(&core))?;
        fs::write(smallest.join("src/main.rs"), generate::SMALLEST)?;
        Ok(Self { dir })
    }

    fn cargo(&self, call: &str, package: Package) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args([call, "--quiet", "--package", package.name()]);
        command.current_dir(&self.dir).env("CARGO_TARGET_DIR", self.dir.join("target"));
        command.stdout(Stdio::piped());
        command
    }

    /// The seconds of a check of a package that was cleaned.
    fn check(&self, package: Package) -> Outcome<f64> {
        succeed(&mut self.cargo("clean", package))?;
        let start = Instant::now();
        succeed(&mut self.cargo("check", package))?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// The seconds of a build of the smallest program from nothing.
    fn build(&self) -> Outcome<f64> {
        let target = self.dir.join("clean");
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(["build", "--quiet", "--package", "smallest"]);
        command.current_dir(&self.dir).env("CARGO_TARGET_DIR", &target);
        let start = Instant::now();
        succeed(&mut command)?;
        Ok(start.elapsed().as_secs_f64())
    }

    /// The lines of a package once its macros are expanded.
    fn expanded_lines(&self, package: Package) -> Outcome<f64> {
        let mut command = self.cargo("rustc", package);
        // A stable compiler prints expansions too if it is told that it is building one.
        command.args(["--profile", "check", "--", "-Zunpretty=expanded"]);
        command.env("RUSTC_BOOTSTRAP", "1");
        let lines = succeed(&mut command)?.lines().count();
        Ok(f64::from(u32::try_from(lines)?))
    }
}

/// Runs a command and gives what it printed.
fn succeed(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("{command:?}: {}", output.status).into())
    }
}
