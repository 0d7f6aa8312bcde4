//! Every query, in the dialect that SQLite and PostgreSQL share. Each can be pasted into a console.

use crate::db::Query;

macro_rules! queries {
    ($($(#[$doc:meta])* $name:ident = $sql:literal;)*) => {
        $($(#[$doc])* pub static $name: Query = Query::new($sql);)*

        /// Every query with its name.
        pub static ALL: &[(&str, &Query)] = &[$((stringify!($name), &$name)),*];
    };
}

queries! {
    /// The newest migration that ran.
    SCHEMA_VERSION = "SELECT max(version) AS version FROM schema_version";
    /// A migration ran.
    SCHEMA_VERSION_ADD = "INSERT INTO schema_version (version) VALUES ($1)";
    /// Raises a counter of an authority and answers with its new value. Until the transaction ends, others wait.
    COUNTER_ADD = "INSERT INTO counter (authority_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (authority_id, name) DO UPDATE SET value = counter.value + $3 RETURNING value";
    /// Sets a counter, when a backup is restored.
    COUNTER_SET = "INSERT INTO counter (authority_id, name, value) VALUES ($1, $2, $3)";
    /// Every counter.
    COUNTERS = "SELECT name, value FROM counter WHERE authority_id = $1 ORDER BY name";
    /// An authority that isn't this one.
    OTHER_AUTHORITY = "SELECT authority_id FROM counter WHERE authority_id <> $1 LIMIT 1";

    /// Adds one event. A number or position that exists is a clash.
    EVENT_ADD = "INSERT INTO case_event (authority_id, case_id, seq, position, at, actor, role, kind, version, salt,
        contents, contents_hash, before, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    /// The events of a case in order.
    EVENTS_OF_CASE = "SELECT case_id, seq, position, at, actor, role, kind, version, salt, contents, contents_hash, before,
        hash FROM case_event WHERE authority_id = $1 AND case_id = $2 ORDER BY seq";
    /// What a case reads of its events: without the hashes, which fill half of a row.
    HISTORY_OF_CASE = "SELECT seq, at, actor, role, kind, version, contents FROM case_event
        WHERE authority_id = $1 AND case_id = $2 ORDER BY seq";
    /// The events after a position, in the order in which they were written.
    EVENTS_AFTER = "SELECT case_id, seq, position, at, actor, role, kind, version, salt, contents, contents_hash, before,
        hash FROM case_event WHERE authority_id = $1 AND position > $2 ORDER BY position LIMIT $3";
    /// Which case each event after a position belongs to, and of which kind it is.
    CHANGED_AFTER = "SELECT case_id, kind, position FROM case_event WHERE authority_id = $1 AND position > $2
        ORDER BY position LIMIT $3";
    /// The hashes of the events up to a position: the leaves of a checkpoint's tree.
    HASHES_BETWEEN = "SELECT position, hash FROM case_event WHERE authority_id = $1 AND position > $2 AND position <= $3
        ORDER BY position";
    /// An event whose contents name an attachment.
    ATTACHMENT_NAMED = "SELECT case_id FROM case_event WHERE authority_id = $1 AND contents LIKE $2 LIMIT 1";
    /// Destroys the contents of a case's events but the last, which says so.
    EVENTS_DESTROY = "UPDATE case_event SET contents = NULL, salt = NULL
        WHERE authority_id = $1 AND case_id = $2 AND seq < $3";

    /// Keeps the applicant apart.
    APPLICANT_ADD = "INSERT INTO applicant (authority_id, case_id, name, contact, salt) VALUES ($1, $2, $3, $4, $5)";
    /// The applicant of a case.
    APPLICANT = "SELECT name, contact, salt FROM applicant WHERE authority_id = $1 AND case_id = $2";
    /// Every applicant after a case, by case.
    APPLICANTS_AFTER = "SELECT case_id, name, contact, salt FROM applicant WHERE authority_id = $1 AND case_id > $2
        ORDER BY case_id LIMIT $3";
    /// Destroys the applicant of a case.
    APPLICANT_DESTROY = "DELETE FROM applicant WHERE authority_id = $1 AND case_id = $2";

    /// Puts what a search found under seal.
    SEAL = "INSERT INTO sealed_holding (authority_id, case_id, question_id, area, sealed) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (authority_id, case_id, question_id, area) DO UPDATE SET sealed = excluded.sealed";
    /// The sealed holdings of one question.
    SEALED = "SELECT area, sealed FROM sealed_holding WHERE authority_id = $1 AND case_id = $2 AND question_id = $3
        ORDER BY area";
    /// Every sealed holding after a place, sealed as it is.
    SEALED_AFTER = "SELECT case_id, question_id, area, sealed FROM sealed_holding WHERE authority_id = $1
        AND (case_id, question_id, area) > ($2, $3, $4) ORDER BY case_id, question_id, area LIMIT $5";
    /// Destroys the sealed holdings of a case.
    SEALED_DESTROY = "DELETE FROM sealed_holding WHERE authority_id = $1 AND case_id = $2";

    /// Remembers that a message was taken in, so that it isn't taken twice.
    INTAKE_ADD = "INSERT INTO intake (authority_id, once, case_id) VALUES ($1, $2, $3)
        ON CONFLICT (authority_id, once) DO NOTHING";
    /// The case that a message became.
    INTAKE = "SELECT case_id FROM intake WHERE authority_id = $1 AND once = $2";
    /// Every message taken in after one.
    INTAKES_AFTER = "SELECT once, case_id FROM intake WHERE authority_id = $1 AND once > $2 ORDER BY once LIMIT $3";

    /// Writes the row of a case in the lists.
    SUMMARY_SET = "INSERT INTO case_summary (authority_id, case_id, seq, reference, subject, state, is_open, waiting_for,
        owner, areas, categories, questions, received_on, due_on, answered_on, first_due_on, extended, outcome, provisions,
        late_cause, published_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
        ON CONFLICT (authority_id, case_id) DO UPDATE SET seq = excluded.seq, reference = excluded.reference,
        subject = excluded.subject, state = excluded.state, is_open = excluded.is_open, waiting_for = excluded.waiting_for,
        owner = excluded.owner, areas = excluded.areas, categories = excluded.categories, questions = excluded.questions,
        received_on = excluded.received_on, due_on = excluded.due_on, answered_on = excluded.answered_on,
        first_due_on = excluded.first_due_on, extended = excluded.extended, outcome = excluded.outcome,
        provisions = excluded.provisions, late_cause = excluded.late_cause, published_at = excluded.published_at";
    /// Takes the contents of a destroyed case out of the lists; its reference and dates stay.
    SUMMARY_DESTROY = "UPDATE case_summary SET seq = $3, state = 'destroyed', subject = '', owner = '', areas = '',
        categories = '', provisions = '', waiting_for = 'nobody', is_open = 0, published_at = NULL
        WHERE authority_id = $1 AND case_id = $2";
    /// Empties the lists, to rebuild them. Destroyed cases stay: nothing is left to rebuild them from.
    SUMMARY_CLEAR = "DELETE FROM case_summary WHERE authority_id = $1 AND state <> 'destroyed'";
    /// The row of a case.
    SUMMARY = "SELECT * FROM case_summary WHERE authority_id = $1 AND case_id = $2";
    /// The row of the case with this reference.
    SUMMARY_OF_REFERENCE = "SELECT * FROM case_summary WHERE authority_id = $1 AND reference = $2";
    /// A page of open or closed cases by due date.
    QUEUE = "SELECT * FROM case_summary WHERE authority_id = $1 AND is_open = $2 AND (due_on, case_id) > ($3, $4)
        ORDER BY due_on, case_id LIMIT $5";
    /// The same, of one officer.
    QUEUE_OF_OWNER = "SELECT * FROM case_summary WHERE authority_id = $1 AND owner = $6 AND is_open = $2
        AND (due_on, case_id) > ($3, $4) ORDER BY due_on, case_id LIMIT $5";
    /// The same, waiting for somebody.
    QUEUE_WAITING = "SELECT * FROM case_summary WHERE authority_id = $1 AND waiting_for = $6 AND is_open = $2
        AND (due_on, case_id) > ($3, $4) ORDER BY due_on, case_id LIMIT $5";
    /// The same, of one officer and waiting for somebody.
    QUEUE_OF_OWNER_WAITING = "SELECT * FROM case_summary WHERE authority_id = $1 AND owner = $6 AND waiting_for = $7
        AND is_open = $2 AND (due_on, case_id) > ($3, $4) ORDER BY due_on, case_id LIMIT $5";
    /// The same, that nobody has taken up: not looked at yet, or without an owner.
    QUEUE_NEW = "SELECT * FROM case_summary WHERE authority_id = $1 AND waiting_for = 'officer' AND is_open = $2
        AND (state = 'received' OR owner = '' AND state <> 'under_review') AND (due_on, case_id) > ($3, $4)
        ORDER BY due_on, case_id LIMIT $5";
    /// Open cases by due date as somebody chooses them; what is left empty doesn't choose.
    QUEUE_CHOSEN = "SELECT * FROM case_summary WHERE authority_id = $1 AND is_open = $2 AND (due_on, case_id) > ($3, $4)
        AND ($6 = '' OR owner = $6) AND ($7 = '' OR waiting_for = $7) AND ($8 = '' OR state = $8)
        AND ($9 = '' OR ' ' || areas || ' ' LIKE '% ' || $9 || ' %')
        AND ($10 = '' OR ' ' || categories || ' ' LIKE '% ' || $10 || ' %')
        ORDER BY due_on, case_id LIMIT $5";
    /// Cases on which nothing is owed any more, those received last first; the last word: only those that were answered
    /// and aren't published.
    QUEUE_ENDED = "SELECT * FROM case_summary WHERE authority_id = $1 AND is_open = 0 AND (received_on, case_id) < ($2, $3)
        AND ($5 = '' OR owner = $5) AND ($6 = '' OR state = $6)
        AND ($7 = '' OR ' ' || areas || ' ' LIKE '% ' || $7 || ' %')
        AND ($8 = '' OR ' ' || categories || ' ' LIKE '% ' || $8 || ' %')
        AND ($9 = '' OR (published_at IS NULL AND answered_on IS NOT NULL))
        ORDER BY received_on DESC, case_id DESC LIMIT $4";
    /// Cases of an officer whose letter an approver sent back and that went to none since.
    QUEUE_SENT_BACK = "SELECT * FROM case_summary AS case_row WHERE authority_id = $1 AND owner = $2 AND is_open = 1
        AND state IN ('open', 'awaiting_clarification') AND (SELECT kind FROM case_event
          WHERE case_event.authority_id = case_row.authority_id AND case_event.case_id = case_row.case_id
          AND kind IN ('sent_back', 'approval_sought') ORDER BY case_event.seq DESC LIMIT 1) = 'sent_back'
        ORDER BY due_on, case_id LIMIT $3";
    /// Open cases on which something of a kind happened.
    QUEUE_WITH_EVENT = "SELECT * FROM case_summary AS case_row WHERE authority_id = $1 AND is_open = 1
        AND EXISTS (SELECT 1 FROM case_event WHERE case_event.authority_id = case_row.authority_id
          AND case_event.case_id = case_row.case_id AND kind = $2) ORDER BY due_on, case_id LIMIT $3";
    /// How many open cases are due before a day.
    COUNT_DUE = "SELECT count(*) AS cases FROM case_summary WHERE authority_id = $1 AND is_open = 1 AND due_on < $2";
    /// How many open cases are due from one day until before another, counted no further than to a number.
    COUNT_DUE_BETWEEN = "SELECT count(*) AS cases FROM (SELECT 1 FROM case_summary
        WHERE authority_id = $1 AND is_open = 1 AND due_on >= $2 AND due_on < $3
        AND ($5 = '' OR owner = $5) AND ($6 = '' OR waiting_for = $6) AND ($7 = '' OR state = $7)
        AND ($8 = '' OR ' ' || areas || ' ' LIKE '% ' || $8 || ' %')
        AND ($9 = '' OR ' ' || categories || ' ' LIKE '% ' || $9 || ' %') LIMIT $4) AS due";
    /// How many of the cases received in a month went alike, for statistics.
    RECEIVED_ALIKE = "SELECT substr(received_on, 1, 7) AS received_in,
        CASE WHEN answered_on IS NULL THEN 'unanswered' WHEN extended = 1 OR answered_on <= first_due_on THEN 'on time'
        ELSE 'late' END AS answered, COALESCE(outcome, '') AS adds_up, provisions, count(*) AS cases
        FROM case_summary WHERE authority_id = $1 AND received_on >= $2 AND received_on <= $3
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
    /// A page of all cases by day of receipt.
    RECEIVED_BETWEEN = "SELECT * FROM case_summary WHERE authority_id = $1 AND received_on >= $2 AND received_on <= $3
        AND (received_on, case_id) > ($4, $5) ORDER BY received_on, case_id LIMIT $6";
    /// Every case after one, by id.
    CASES_AFTER = "SELECT DISTINCT case_id FROM case_event WHERE authority_id = $1 AND case_id > $2 ORDER BY case_id LIMIT $3";

    /// Plans when a case's routine work is next due; a lease that somebody holds stays.
    JOB_PLAN = "INSERT INTO job (authority_id, case_id, run_on, lease_by, lease_until, attempts, failure)
        VALUES ($1, $2, $3, NULL, NULL, 0, NULL)
        ON CONFLICT (authority_id, case_id) DO UPDATE SET run_on = excluded.run_on, attempts = 0, failure = NULL";
    /// Nothing is planned for a case any more.
    JOB_DROP = "DELETE FROM job WHERE authority_id = $1 AND case_id = $2";
    /// Empties the plan, to rebuild it.
    JOB_CLEAR = "DELETE FROM job WHERE authority_id = $1";
    /// Takes due work for a while. Two who claim the same: the second finds the lease taken when its turn comes.
    JOB_CLAIM = "UPDATE job SET lease_by = $3, lease_until = $4, attempts = attempts + 1
        WHERE authority_id = $1 AND run_on <= $2 AND (lease_until IS NULL OR lease_until < $5)
        AND case_id IN (SELECT case_id FROM job WHERE authority_id = $1 AND run_on <= $2
            AND (lease_until IS NULL OR lease_until < $5) ORDER BY run_on, case_id LIMIT $6)
        RETURNING case_id";
    /// Gives work back, with what went wrong.
    JOB_RELEASE = "UPDATE job SET lease_by = NULL, lease_until = NULL, failure = $4
        WHERE authority_id = $1 AND case_id = $2 AND lease_by = $3";
    /// What is planned for a case.
    JOB = "SELECT run_on, lease_by, lease_until, attempts, failure FROM job WHERE authority_id = $1 AND case_id = $2";

    /// Keeps a checkpoint; two nodes that make the same one make it once.
    CHECKPOINT_ADD = "INSERT INTO checkpoint (authority_id, size, made_on, root, before, frontier, key_id, signature)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (authority_id, size) DO NOTHING";
    /// The checkpoints of an authority, oldest first.
    CHECKPOINTS = "SELECT size, made_on, root, before, frontier, key_id, signature FROM checkpoint
        WHERE authority_id = $1 ORDER BY size";
    /// The newest checkpoint.
    CHECKPOINT_LAST = "SELECT size, made_on, root, before, frontier, key_id, signature FROM checkpoint
        WHERE authority_id = $1 ORDER BY size DESC LIMIT 1";

    /// The account of an id.
    ACCOUNT = "SELECT * FROM account WHERE authority_id = $1 AND account_id = $2";
    /// The account that signs in with an address.
    ACCOUNT_OF_EMAIL = "SELECT * FROM account WHERE authority_id = $1 AND email = $2";
    /// Every account.
    ACCOUNTS = "SELECT * FROM account WHERE authority_id = $1 ORDER BY name, account_id";
    /// Writes an account.
    ACCOUNT_SET = "INSERT INTO account (authority_id, account_id, name, email, secret, second_secret, second_step, roles,
        team, is_active, failures, locked_until, recovery, subject)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (authority_id, account_id) DO UPDATE SET name = excluded.name, email = excluded.email,
        secret = excluded.secret, second_secret = excluded.second_secret, second_step = CASE
        WHEN account.second_step > excluded.second_step THEN account.second_step ELSE excluded.second_step END,
        roles = excluded.roles, team = excluded.team, is_active = excluded.is_active, failures = excluded.failures,
        locked_until = excluded.locked_until, recovery = excluded.recovery, subject = excluded.subject";
    /// The account of somebody whom the identity provider knows.
    ACCOUNT_OF_SUBJECT = "SELECT * FROM account WHERE authority_id = $1 AND subject = $2";
    /// Nothing is held against an account any more.
    ACCOUNT_OPENED = "UPDATE account SET failures = 0, locked_until = NULL WHERE authority_id = $1 AND account_id = $2";
    /// Uses the code of a time step, unless it or a later one was used before.
    ACCOUNT_STEP = "UPDATE account SET second_step = $3, failures = 0, locked_until = NULL
        WHERE authority_id = $1 AND account_id = $2 AND second_step < $3";
    /// Uses a recovery code, unless it was used before.
    ACCOUNT_RECOVERY = "UPDATE account SET recovery = replace(recovery, $3, ''), failures = 0, locked_until = NULL
        WHERE authority_id = $1 AND account_id = $2 AND recovery LIKE $4";
    /// A wrong password; so many of them shut the account for a while.
    ACCOUNT_FAILED = "UPDATE account SET failures = failures + 1,
        locked_until = CASE WHEN failures + 1 >= $3 THEN $4 ELSE locked_until END
        WHERE authority_id = $1 AND account_id = $2";
    /// Begins a session.
    SESSION_ADD = "INSERT INTO session (authority_id, token_hash, account_id, form_token, began_at, seen_at, waits)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// A session.
    SESSION = "SELECT account_id, form_token, began_at, seen_at, waits FROM session WHERE authority_id = $1 AND token_hash = $2";
    /// A session is in use.
    SESSION_SEEN = "UPDATE session SET seen_at = $3 WHERE authority_id = $1 AND token_hash = $2";
    /// Ends a session.
    SESSION_END = "DELETE FROM session WHERE authority_id = $1 AND token_hash = $2";
    /// Ends the sessions of an account.
    SESSIONS_END = "DELETE FROM session WHERE authority_id = $1 AND account_id = $2";
    /// Removes the sessions that nobody uses any more.
    SESSIONS_SWEEP = "DELETE FROM session WHERE authority_id = $1 AND seen_at < $2";
    /// Keeps a private link.
    LINK_ADD = "INSERT INTO private_link (authority_id, token_hash, purpose, case_id, details, ends_on)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// A private link that still works.
    LINK = "SELECT * FROM private_link
        WHERE authority_id = $1 AND token_hash = $2 AND purpose = $3 AND ends_on >= $4";
    /// Every private link.
    LINKS = "SELECT * FROM private_link WHERE authority_id = $1 ORDER BY token_hash";
    /// Every setting.
    SETTINGS = "SELECT name, value FROM setting WHERE authority_id = $1 ORDER BY name";
    /// Adds to a count of a day.
    TALLY_ADD = "INSERT INTO tally (authority_id, day, name, value) VALUES ($1, $2, $3, $4)
        ON CONFLICT (authority_id, day, name) DO UPDATE SET value = tally.value + $4";
    /// The counts of some days.
    TALLIES = "SELECT name, CAST(sum(value) AS BIGINT) AS total FROM tally
        WHERE authority_id = $1 AND day >= $2 AND day <= $3 GROUP BY name ORDER BY name";
    /// A setting.
    SETTING = "SELECT value FROM setting WHERE authority_id = $1 AND name = $2";
    /// The settings whose names begin alike.
    SETTINGS_LIKE = "SELECT name, value FROM setting WHERE authority_id = $1 AND name LIKE $2 ORDER BY name";
    /// Changes a setting.
    SETTING_SET = "INSERT INTO setting (authority_id, name, value) VALUES ($1, $2, $3)
        ON CONFLICT (authority_id, name) DO UPDATE SET value = excluded.value";
    /// Writes an entry of the disclosure log; one that changes says when.
    LOG_SET = "INSERT INTO log_entry (authority_id, address, case_id, published_on, changed_on, removed_because, title,
        received_on, answered_on, outcome, contents, topics) VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, $9, $10, $12)
        ON CONFLICT (authority_id, address) DO UPDATE SET changed_on = CASE WHEN log_entry.contents = excluded.contents
        AND log_entry.title = excluded.title AND log_entry.removed_because IS NULL THEN log_entry.changed_on ELSE $11 END,
        removed_because = NULL, title = excluded.title, outcome = excluded.outcome, contents = excluded.contents,
        answered_on = excluded.answered_on, topics = excluded.topics WHERE log_entry.case_id = excluded.case_id";
    /// Takes the entry of a case out of the log; its address stays and says when and why.
    LOG_REMOVE = "UPDATE log_entry SET removed_because = $4, changed_on = $3, title = '', contents = '[]', outcome = '', topics = ''
        WHERE authority_id = $1 AND case_id = $2 AND removed_because IS NULL";
    /// A page of the log, newest first: with any outcome or one, published on a day or later, about anything, a topic or a
    /// row of the policy.
    LOG = "SELECT * FROM log_entry WHERE authority_id = $1 AND removed_because IS NULL
        AND (published_on < $2 OR (published_on = $2 AND address > $3)) AND ($5 = '' OR outcome = $5)
        AND published_on >= $6 AND ($7 = '' OR ' ' || topics || ' ' LIKE '% ' || $7 || ' %' OR EXISTS (SELECT 1 FROM case_summary AS s
        WHERE s.authority_id = log_entry.authority_id AND s.case_id = log_entry.case_id
        AND ' ' || s.categories || ' ' LIKE '% ' || $7 || ' %')) ORDER BY published_on DESC, address LIMIT $4";
    /// Which entries of the log are about a topic or a row of the policy.
    LOG_ABOUT = "SELECT address FROM log_entry WHERE authority_id = $1 AND removed_because IS NULL
        AND (' ' || topics || ' ' LIKE '% ' || $2 || ' %' OR EXISTS (SELECT 1 FROM case_summary AS s
        WHERE s.authority_id = log_entry.authority_id AND s.case_id = log_entry.case_id
        AND ' ' || s.categories || ' ' LIKE '% ' || $2 || ' %'))";
    /// The entries that were taken out, the last first.
    LOG_REMOVED = "SELECT * FROM log_entry WHERE authority_id = $1 AND removed_because IS NOT NULL
        ORDER BY changed_on DESC, address LIMIT $2";
    /// How many entries of the log are about each set of topics.
    LOG_TOPICS = "SELECT topics, CAST(count(*) AS BIGINT) AS entries FROM log_entry
        WHERE authority_id = $1 AND removed_because IS NULL GROUP BY topics ORDER BY topics";
    /// Says anew what an entry is about; nothing of what the public reads of it changes.
    LOG_TOPICS_SET = "UPDATE log_entry SET topics = $3 WHERE authority_id = $1 AND address = $2 AND removed_because IS NULL";
    /// A counter.
    COUNTER = "SELECT value FROM counter WHERE authority_id = $1 AND name = $2";
    /// The entry under an address.
    LOG_ENTRY = "SELECT * FROM log_entry WHERE authority_id = $1 AND address = $2";
    /// The entry of a case.
    LOG_ENTRY_OF_CASE = "SELECT * FROM log_entry WHERE authority_id = $1 AND case_id = $2 AND removed_because IS NULL";
    /// Takes the stances of a case away, to write them anew.
    STANCES_DROP = "DELETE FROM stance WHERE authority_id = $1 AND case_id = $2";
    /// Writes a stance.
    STANCE_ADD = "INSERT INTO stance (authority_id, case_id, question_id, topic, way, decided_on, reference, label)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// The newest stances of one way on a topic, of other cases.
    STANCES_ON = "SELECT * FROM stance WHERE authority_id = $1 AND topic = $2 AND case_id <> $3 AND way = $4
        ORDER BY decided_on DESC, case_id, question_id LIMIT $5";
    /// The topics with how often each way was taken, first and last.
    TOPICS = "SELECT topic, way, CAST(count(*) AS BIGINT) AS times, min(decided_on) AS first_on, max(decided_on) AS last_on
        FROM stance WHERE authority_id = $1 GROUP BY topic, way ORDER BY topic, way";

    /// Remembers that a browser was sent to the identity provider.
    HANDOVER_ADD = "INSERT INTO handover (authority_id, state_hash, browser_hash, nonce, verifier, next_page, began_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Takes what was remembered of a browser that comes back: once and no more.
    HANDOVER_TAKE = "DELETE FROM handover WHERE authority_id = $1 AND state_hash = $2
        RETURNING browser_hash, nonce, verifier, next_page, began_at";
    /// Forgets the browsers that didn't come back.
    HANDOVERS_SWEEP = "DELETE FROM handover WHERE authority_id = $1 AND began_at < $2";

    /// Writes an entry of the history of administration.
    CHANGE_ADD = "INSERT INTO office_change (authority_id, number, at, actor, kind, about, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Its entries before one, newest first.
    CHANGES_BEFORE = "SELECT number, at, actor, kind, about, details FROM office_change
        WHERE authority_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    /// All of them, in order.
    CHANGES = "SELECT number, at, actor, kind, about, details FROM office_change WHERE authority_id = $1 ORDER BY number";

    /// Writes a program's key.
    KEY_ADD = "INSERT INTO api_key (authority_id, key_id, key_hash, name, scopes, role, made_by, made_at, used_at,
        revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    /// The key under a hash, unless it was revoked.
    KEY_OF_HASH = "SELECT * FROM api_key WHERE authority_id = $1 AND key_hash = $2 AND revoked_at IS NULL";
    /// Every key, newest first.
    KEYS = "SELECT * FROM api_key WHERE authority_id = $1 ORDER BY made_at DESC, key_id";
    /// A key was used.
    KEY_USED = "UPDATE api_key SET used_at = $3 WHERE authority_id = $1 AND key_id = $2";
    /// A key works no more.
    KEY_REVOKE = "UPDATE api_key SET revoked_at = $3 WHERE authority_id = $1 AND key_id = $2 AND revoked_at IS NULL";

    /// Writes a subscription to events.
    WEBHOOK_ADD = "INSERT INTO webhook (authority_id, webhook_id, url, secret, kinds, made_by, made_at, ended_at, position)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Every subscription, newest first.
    WEBHOOKS = "SELECT * FROM webhook WHERE authority_id = $1 ORDER BY made_at DESC, webhook_id";
    /// A subscription ends.
    WEBHOOK_END = "UPDATE webhook SET ended_at = $3 WHERE authority_id = $1 AND webhook_id = $2 AND ended_at IS NULL";
    /// A subscription is planned up to a position, by whoever planned it from where it stood.
    WEBHOOK_PLANNED = "UPDATE webhook SET position = $4 WHERE authority_id = $1 AND webhook_id = $2 AND position = $3";
    /// The position of the newest event.
    NEWEST_POSITION = "SELECT coalesce(max(position), 0) AS position FROM case_event WHERE authority_id = $1";
    /// What happened after a position, without what was written: for subscriptions.
    HAPPENED_AFTER = "SELECT case_id, position, at, kind FROM case_event WHERE authority_id = $1 AND position > $2
        ORDER BY position LIMIT $3";
    /// Plans that a subscription is told of an event.
    DELIVERY_ADD = "INSERT INTO delivery (authority_id, webhook_id, position, case_id, kind, happened_at, run_at, attempts,
        state) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 'waiting') ON CONFLICT (authority_id, webhook_id, position) DO NOTHING";
    /// Takes deliveries that are due: until a while is over nobody else does. A subscription that ended gets none.
    DELIVERY_CLAIM = "UPDATE delivery SET run_at = $3, attempts = attempts + 1
        WHERE authority_id = $1 AND state = 'waiting' AND run_at <= $2 AND (webhook_id, position) IN
        (SELECT webhook_id, position FROM delivery WHERE authority_id = $1 AND state = 'waiting' AND run_at <= $2
            AND webhook_id IN (SELECT webhook_id FROM webhook WHERE authority_id = $1 AND ended_at IS NULL)
            ORDER BY run_at, webhook_id, position LIMIT $4)
        RETURNING webhook_id, position, case_id, kind, happened_at, run_at, attempts, state, outcome";
    /// What came of a delivery.
    DELIVERY_DONE = "UPDATE delivery SET state = $4, outcome = $5, run_at = $6
        WHERE authority_id = $1 AND webhook_id = $2 AND position = $3";
    /// The newest deliveries.
    DELIVERIES = "SELECT webhook_id, position, case_id, kind, happened_at, run_at, attempts, state, outcome FROM delivery
        WHERE authority_id = $1 ORDER BY position DESC, webhook_id LIMIT $2";
    /// Forgets what was delivered long ago.
    DELIVERIES_SWEEP = "DELETE FROM delivery WHERE authority_id = $1 AND state <> 'waiting' AND run_at < $2";

    /// Plans a mail, once.
    MAIL_ADD = "INSERT INTO mail (authority_id, mail_id, case_id, seq, kind, recipient, happened_at, run_at, attempts, state)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 'waiting') ON CONFLICT (authority_id, mail_id) DO NOTHING";
    /// Takes mails that are due: until a while is over nobody else does.
    MAIL_CLAIM = "UPDATE mail SET run_at = $3, attempts = attempts + 1
        WHERE authority_id = $1 AND state = 'waiting' AND run_at <= $2 AND mail_id IN
        (SELECT mail_id FROM mail WHERE authority_id = $1 AND state = 'waiting' AND run_at <= $2
            ORDER BY run_at, mail_id LIMIT $4)
        RETURNING mail_id, case_id, seq, kind, recipient, happened_at, run_at, attempts, state, outcome";
    /// What came of a mail.
    MAIL_DONE = "UPDATE mail SET state = $3, outcome = $4, run_at = $5 WHERE authority_id = $1 AND mail_id = $2";
    /// Every mail.
    MAILS = "SELECT * FROM mail WHERE authority_id = $1 ORDER BY mail_id";
    /// Plans the acknowledgements of a record from before mail was planned.
    MAIL_MISSING = "INSERT INTO mail (authority_id, mail_id, case_id, seq, kind, recipient, happened_at, run_at, attempts,
        state) SELECT authority_id, case_id || '.' || seq, case_id, seq, kind, '', at, at, 0, 'waiting'
        FROM case_event AS received WHERE authority_id = $1 AND kind = 'received' AND NOT EXISTS
        (SELECT 1 FROM case_event AS later WHERE later.authority_id = received.authority_id
            AND later.case_id = received.case_id AND later.kind IN ('acknowledged', 'destroyed'))
        ON CONFLICT (authority_id, mail_id) DO NOTHING";
    /// A mail.
    MAIL = "SELECT * FROM mail WHERE authority_id = $1 AND mail_id = $2";
    /// The mails of a case, as they were planned.
    MAIL_OF_CASE = "SELECT * FROM mail WHERE authority_id = $1 AND case_id = $2 ORDER BY seq, mail_id";
    /// Forgets the mails of a case.
    MAIL_DROP = "DELETE FROM mail WHERE authority_id = $1 AND case_id = $2";
    /// Forgets colleagues' mails that ended long ago; what was written to whoever asked stays as long as the case.
    MAIL_SWEEP = "DELETE FROM mail WHERE authority_id = $1 AND state <> 'waiting' AND recipient <> '' AND run_at < $2";
}
