//! `candour demo` and `candour serve`: the pages.

use office::mail::{Carrier, Mailing};
use office::{Office, Setup};
use std::io::Write;
use web::branding::Branding;
use web::demo::DemoClock;
use web::words::Catalogue;
use web::{App, Settings};

use crate::fault::Stop;
use crate::mail::{self, MailOptions};
use crate::mail_in;

/// Where to listen.
#[derive(clap::Args, Clone, Debug)]
pub struct Listen {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: String,
}

/// How to serve an authority.
#[derive(clap::Args, Clone, Debug)]
pub struct Serving {
    #[command(flatten)]
    pub listen: Listen,
    /// The address under which people reach the pages, as https://foi.example.gov.uk; cookies are marked for TLS then.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// A proxy of the authority's own stands before it and names the visitor in X-Forwarded-For.
    #[arg(long)]
    pub behind_proxy: bool,
    /// A host of the authority's own network that subscriptions and signing in may reach; may be given several times.
    #[arg(long, value_name = "HOST")]
    pub private_host: Vec<String>,
    /// The file with the secret that the identity provider of data/office/sign-in.toml gave.
    #[arg(long, value_name = "FILE")]
    pub sign_in_secret_file: Option<std::path::PathBuf>,
    /// The secret itself.
    #[arg(
        long,
        value_name = "SECRET",
        env = "CANDOUR_SIGN_IN_SECRET",
        hide = true,
        hide_env_values = true
    )]
    pub sign_in_secret: Option<String>,
    /// Whoever brings this token may read /metrics.
    #[arg(long, value_name = "TOKEN", env = "CANDOUR_METRICS_TOKEN")]
    pub metrics_token: Option<String>,
    #[command(flatten)]
    pub mail: MailOptions,
    /// A folder that new mail lies in, a Maildir or one of .eml files: each is taken in and moved to `cur` or `taken`, or to
    /// `set-aside` with the reason.
    #[arg(long, value_name = "DIR")]
    pub mail_in: Option<std::path::PathBuf>,
}

fn runtime() -> Result<tokio::runtime::Runtime, Stop> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Stop::input(format!("serve.no_runtime: {error}")))
}

async fn listener(listen: &str) -> Result<tokio::net::TcpListener, Stop> {
    tokio::net::TcpListener::bind(listen)
        .await
        .map_err(|error| {
            Stop::input(format!(
                "serve.no_address: can't listen on {listen}: {error}; give another with --listen"
            ))
        })
}

async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let ended = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        if let Ok(mut ended) = ended {
            tokio::select! {
                _ = interrupted => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

fn say(out: &mut dyn Write, text: &str) -> Result<(), Stop> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| Stop::input(format!("output.unwritable: {error}")))
}

/// Serves an invented authority from a folder that is removed at the end.
///
/// # Errors
/// The address is taken, or the folder can't be written.
pub fn demo(listen: &Listen, out: &mut dyn Write) -> Result<(), Stop> {
    let folder =
        tempfile::tempdir().map_err(|error| Stop::input(format!("demo.no_folder: {error}")))?;
    runtime()?.block_on(async {
        let listener = listener(&listen.listen).await?;
        let address = address_of(&listener, &listen.listen);
        let clock = DemoClock::new(Box::new(jiff::Timestamp::now));
        let office = web::demo::open(folder.path(), &clock).await?;
        let settings = Settings {
            public_url: address.clone(),
            blind_sample: casework::blind::ONE_IN,
            demonstration: web::demo::sign_ins(),
            ..Settings::default()
        };
        let app = web::application(
            office,
            settings,
            web::demo::branding(),
            Catalogue::english(),
        )
        .await
        .map_err(|why| Stop::input(format!("serve.unready: {why}")))?;
        let mut text = format!(
            "{} is invented, and so is everybody in it. Nothing is kept.\n\nThe public's pages  {address}/\nThe officer's desk  {address}/desk\n\nSign in as any of these, with the password {}:\n",
            web::demo::NAME,
            web::demo::PASSWORD
        );
        for person in web::demo::sign_ins() {
            text.push_str(&format!("  {:<28} {} ({})\n", person.email, person.name, person.roles));
        }
        text.push_str("\nStop it with Ctrl-C.\n");
        say(out, &text)?;
        run(app, listener, Some(mail::to_files(folder.path().join("state/outbox"))), None).await
    })
}

/// Serves an authority.
///
/// # Errors
/// The data is faulty, the database can't be reached, or the address is taken.
pub fn serve(serving: &Serving, setup: Setup, out: &mut dyn Write) -> Result<(), Stop> {
    runtime()?.block_on(async {
        let listener = listener(&serving.listen.listen).await?;
        let address = address_of(&listener, &serving.listen.listen);
        let office = Office::open(setup).await?;
        let carrier = serving.mail.carrier(office.state())?;
        let public_url = serving
            .public_url
            .clone()
            .unwrap_or_else(|| address.clone())
            .trim_end_matches('/')
            .to_owned();
        let branding = Branding {
            name: office.bundle().policy.policy.authority.clone(),
            short_name: office.bundle().policy.policy.authority.clone(),
            ..Branding::default()
        };
        let settings = Settings {
            is_secure: public_url.starts_with("https://"),
            behind_proxy: serving.behind_proxy,
            public_url,
            metrics_token: serving.metrics_token.clone(),
            private_hosts: serving.private_host.clone(),
            provider: office.bundle().sign_in.clone(),
            provider_secret: provider_secret(serving)?,
            blind_sample: casework::blind::ONE_IN,
            demonstration: Vec::new(),
            log: web::Log::default(),
        };
        let first = web::accounts::first_administrator(office.store())
            .await
            .map_err(|why| Stop::input(format!("serve.unready: {why}")))?;
        let words = Catalogue::of(office.bundle());
        let app = web::application(office, settings, branding, words)
            .await
            .map_err(|why| Stop::input(format!("serve.unready: {why}")))?;
        say(out, &format!("Candour answers on {address}/\n"))?;
        if let Some(password) = first {
            say(
                out,
                &format!(
                    "Nobody can sign in yet, so an administrator was made: administrator@localhost with the password {password}\nChange it at {address}/desk/account and make accounts for people at {address}/desk/admin.\n"
                ),
            )?;
        }
        run(app, listener, carrier, serving.mail_in.clone()).await
    })
}

/// The secret of the identity provider, from its file or else from the environment.
fn provider_secret(serving: &Serving) -> Result<Option<String>, Stop> {
    let Some(path) = &serving.sign_in_secret_file else {
        return Ok(serving.sign_in_secret.clone());
    };
    std::fs::read_to_string(path)
        .map(|secret| Some(secret.trim().to_owned()))
        .map_err(|error| {
            Stop::input(format!(
                "{}: serve.no_secret: {error}; the file holds the secret of the identity provider",
                path.display()
            ))
        })
}

fn address_of(listener: &tokio::net::TcpListener, asked: &str) -> String {
    listener.local_addr().map_or_else(
        |_| format!("http://{asked}"),
        |address| format!("http://{address}"),
    )
}

/// Pages and routine work until the program is told to stop.
async fn run(
    app: App,
    listener: tokio::net::TcpListener,
    carrier: Option<Box<Carrier>>,
    mail_in: Option<std::path::PathBuf>,
) -> Result<(), Stop> {
    let (tell_stop, told) = tokio::sync::watch::channel(false);
    let tell = |what: &str| eprintln!("{}", serde_json::json!({"level": "error", "fault": what}));
    let stopping = |mut told: tokio::sync::watch::Receiver<bool>| async move {
        let _ = told.changed().await;
    };
    let (worker, stop) = (app.clone(), stopping(told.clone()));
    let work = tokio::spawn(async move {
        let node = format!("node-{}", std::process::id());
        let mailing = carrier.as_deref().map(|carrier| Mailing {
            public_url: Some(&worker.settings.public_url),
            carrier,
        });
        worker.office.keep_going(&node, mailing, &tell, stop).await;
    });
    let (reader, stop) = (app.clone(), stopping(told.clone()));
    let reading = tokio::spawn(async move {
        let Some(folder) = mail_in else { return };
        let mut stop = std::pin::pin!(stop);
        loop {
            match mail_in::look(&reader.office, &folder).await {
                Ok(looked) => looked.problems.iter().for_each(|problem| tell(problem)),
                Err(why) => tell(&why),
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(std::time::Duration::from_secs(10)) => {}
            }
        }
    });
    let (teller, stop) = (app.clone(), stopping(told));
    let telling = tokio::spawn(async move {
        web::hooks::keep_going(&teller, &tell, stop).await;
    });
    let served = web::serve(app, listener, stopped()).await;
    let _ = tell_stop.send(true);
    let _ = work.await;
    let _ = reading.await;
    let _ = telling.await;
    served.map_err(|error| Stop::input(format!("serve.failed: {error}")))
}
