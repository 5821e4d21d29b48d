#!/usr/bin/env python3
"""Is the simulator any good? Breaks one line of outboxd at a time, and counts the seeds until a run says so.

    Tests/Simulation/variants.py [--check | NAME...]

Each variant is built in a copy of the sources, and runs from several first seeds, and as a model; a table goes to
stdout. With --check it only looks whether the lines are still there, each once.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST_SEEDS = [1, 10_001, 20_001]
SEEDS = 40

# What is broken, where, the line, and what stands there instead.
VARIANTS = [
    ("an outcome is written without the claim's token", "Sources/Store/Life/MailTable.swift",
     "WHERE id = ? AND token = ? AND phase = \\(phase: .sending)\n        \"\"\"\n    }\n    private static let accepting = accepting(\"\")",
     "WHERE id = ? AND (token = ? OR 1)\n        \"\"\"\n    }\n    private static let accepting = accepting(\"\")"),
    ("the note of the dot comes after it", "Sources/Engine/Sending/SendingLoop+Mails.swift",
     "let isNoted = journal.announce(job.slot, mail: job.mail.content)",
     "let isNoted = !job.mail.content.message.isEmpty"),
    ("the lease is not read again inside the takeover's transaction", "Sources/Engine/Storing/Takeover.swift",
     "if !isDead, try !isFrozen(", "if false, try !isFrozen("),
    ("a mail is begun without a lease", "Sources/Engine/Sending/SendingLoop+Check.swift",
     "guard clock.steadyNow() < handOff.leaseUntil else { return .unused }", ""),
    ("the pre-send check's answer is ignored", "Sources/Engine/Sending/SendingLoop+Check.swift",
     "            switch found {\n            case .go: return nil",
     "            if true { return nil }\n            switch found {\n            case .go: return nil"),
    ("the check is not repeated before the content and the dot", "Sources/Engine/Sending/SendingLoop+Check.swift",
     "guard now - job.checkedAt > Self.checkHolds else { return false }", "guard false else { return false }"),
    ("the lease is not renewed with the claim", "Sources/Engine/Storing/StoringLoop+Claims.swift",
     "if !batch.claims.isEmpty { try keepLease() }", "if false { try keepLease() }"),
    ("a failed transaction leaves its lease", "Sources/Engine/Storing/StoringLoop+Work.swift",
     "            self.lease = lease\n            for report", "            _ = lease\n            for report"),
    ("the ingest mark stays where a rolled-back batch left it", "Sources/Store/SQLiteStore+Isolation.swift",
     "            newestIngested = newest\n", "            _ = newest\n"),
    ("totals stay as a rolled-back batch left them", "Sources/Store/SQLiteStore+Isolation.swift",
     "        totals.rollBack(to: Totals.Changes())\n        mayHaveSent", "        mayHaveSent"),
    ("a mail does not wait for another of its conversation", "Sources/Store/SQLiteStore+Claim.swift",
     ".bind(!mail.wasTried).bind(mail.id).first { _ in true } ?? false", ".bind(!mail.wasTried).bind(mail.id).first { _ in false } ?? false"),
    ("each claim has a new Message-ID", "Sources/Store/Life/MailTable.swift",
     "email_message_id = coalesce(email_message_id, ?)", "email_message_id = ?"),
    ("an uncertain mail is not marked", "Sources/Store/SQLiteStore+Finish.swift",
     "        try rows.markUncertain(mailID: mail.mailID)\n", ""),
    ("a copy is not counted", "Sources/Store/SQLiteStore+Finish.swift",
     "        try mails.countCopy(mail.mailID)\n", ""),
    ("a copy is composed anew", "Sources/Store/SQLiteStore+Claim.swift",
     "frozen: candidate.copies > 0 ? try frozenMail(candidate.mailID) : nil", "frozen: nil"),
    ("a large copy is not kept ahead of its dot", "Sources/Engine/Storing/StoringLoop+Claims.swift",
     "persistOversizedCopies(large.map {", "persistOversizedCopies(large.prefix(0).map {"),
    ("what waits does not follow the clock", "Sources/Store/Life/RowTable.swift",
     "due_at = due_at + iif(id > ?3, ?2, 0),", "due_at = due_at + iif(id > ?3, 0, 0),"),
    ("a stale connection counts as an attempt", "Sources/SMTP/Dialogue+Inputs.swift",
     "        if hasLostCount { return true }\n        guard isReused", "        if hasLostCount { return true }\n        guard !isReused, isReused"),
    ("an order to pause is compared by the wall clock", "Sources/Engine/Rules/RelayHealth.swift",
     "if let lastAcceptedAt, now.wall + (lastAcceptedAt - now.steady) > order.at { return }", "if lastAcceptedAt != nil { return }"),
    ("what waits again is pruned", "Sources/Store/SQLiteStore+Prune.swift",
     "WHERE id = ? AND state <> \\(row: .pending) AND finished_at < ?", "WHERE id = ? AND (finished_at < ? OR 1)"),
    ("a refused recipient is tried again for ever", "Sources/Store/SQLiteStore+Finish.swift",
     "            for id in expired { try rows.expire(id, at: finished.at) }\n", "            _ = expired\n"),
    ("a cancelled row is sent", "Sources/Delivery/Rows/OpenRow.swift",
     "        if isCancelled { return .cancelled }\n", ""),
    ("rows that overtook are taken for a range of ids", "Sources/Store/IngestQueue.swift",
     "        isOutOfOrder = true\n        overtaking.take(id)", "        overtaking.take(id)"),
    ("an instant row overtakes its conversation's older ones", "Sources/Store/SQLiteStore+Overtaking.swift",
     ".bind(helpdesk).bind(end).bind(newest)", ".bind(helpdesk).bind(newest - 1).bind(newest)"),
    ("a burst leaves no mark of where it began", "Sources/Store/SQLiteStore+Arrivals.swift",
     "            try noteFloor()\n", ""),
    ("a rolled-back batch takes what it took out of the queue with it", "Sources/Store/SQLiteStore+Isolation.swift",
     "            ingestQueue = IngestQueue()\n", ""),
    ("a fresh mail is not there for the next row of its conversation", "Sources/Store/SQLiteStore+Ingest.swift",
     "        try writeFresh(besides: key)\n", ""),
    ("fresh mails that were not claimed are not written", "Sources/Store/SQLiteStore+Isolation.swift",
     "                try writeAllFresh()\n", ""),
    ("the transaction that pauses the relay claims mail, too", "Sources/Engine/Storing/StoringLoop+Work.swift",
     "isClockFollowed, !isPaused {", "isClockFollowed, isPaused || !isPaused {"),
    ("a result's octets are not given back", "Sources/Engine/Storing/WorkInHand.swift",
     "            memory.giveBack(result.mail.octets)\n            settle(result)", "            settle(result)"),
    ("mails are claimed beyond the octets that there is room for", "Sources/Engine/Storing/StoringLoop+Capacity.swift",
     "hand.hasRoom(besides: demand.exemptOctets), timekeeper.isDone", "timekeeper.isDone"),
    ("a row joins no mail that waits", "Sources/Store/SQLiteStore+Ingest.swift",
     "if found.openMail, let mailID = try openMail(key, dueAt: due, turn) {",
     "if !found.openMail, let mailID = try openMail(key, dueAt: due, turn) {"),
    ("a dead process's mails stay its own", "Sources/Engine/Storing/Takeover.swift",
     "guard !mails.isEmpty else { return Result() }", "guard !mails.isEmpty, !isDead else { return Result() }"),
    ("a temporary refusal is final", "Sources/Delivery/Outcome/Verdict+Classification.swift",
     "case .temporary: .deferred(error)", "case .temporary: .rejected(error)"),
    ("a row expires at its first temporary failure", "Sources/Engine/Rules/OutcomeRules.swift",
     "        mail.rows.filter { row in\n            settings.expiry.isExpired(",
     "        mail.rows.filter { row in\n            true || settings.expiry.isExpired("),
    ("a retry is counted from the row's creation", "Sources/Engine/Rules/OutcomeRules.swift",
     "firstAttemptAt: row.firstAttemptAt ?? now, now: now,", "firstAttemptAt: row.createdAt ?? now, now: now,"),
]


def run(command, **more):
    return subprocess.run(command, text=True, capture_output=True, **more)


def caught(binary, first):
    """How many seeds it took, and what the run said; None if none did."""
    result = run([binary, "--whole", "--seed", str(first), "--count", str(SEEDS)])
    told = re.search(r"^seed (\d+)(?:, [^:]*)?: (.*)", result.stdout, re.M)
    if told:
        return int(told[1]) - first + 1, told[2]
    if result.returncode not in (0, 1):
        return 1, f"it ended with {result.returncode}"
    return None


def by_model(binary):
    """The promise that the smallest model finds broken."""
    result = run([binary, "--model", "1"])
    return result.stdout.strip().splitlines()[-1].split(":")[0] if result.returncode else "not caught"


def check():
    missing = [name for name, path, line, _ in VARIANTS if (ROOT / path).read_text().count(line) != 1]
    for name in missing:
        print(f"{name}: the line is not there, or not once", file=sys.stderr)
    return 1 if missing else 0


def main():
    wanted = sys.argv[1:]
    if wanted == ["--check"]:
        return check()
    with tempfile.TemporaryDirectory() as directory:
        copy = Path(directory) / "outboxd"
        copy.mkdir()
        for name in ("Package.swift", "Sources", "Tests"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / name)
        print("| broken | seeds until it is caught (median) | by | by the model |")
        print("|---|---|---|---|")
        missed = 0
        for name, path, line, instead in VARIANTS:
            if wanted and not any(word in name for word in wanted):
                continue
            file = copy / path
            text = file.read_text()
            if text.count(line) < 1:
                print(f"| {name} | the line is not there any more | | |", flush=True)
                missed += 1
                continue
            file.write_text(text.replace(line, instead, 1))
            build = run(["swift", "build", "-c", "release", "-Xswiftc", "-enable-testing",
                         "--product", "outboxd-simulate"], cwd=copy)
            if build.returncode:
                print(f"| {name} | it does not build | {build.stdout[-300:]!r} | |", flush=True)
                missed += 1
            else:
                binary = copy / ".build/release/outboxd-simulate"
                found = [caught(binary, seed) for seed in FIRST_SEEDS]
                counts = [one[0] for one in found if one]
                if not counts and by_model(binary) == "not caught":
                    missed += 1
                median = statistics.median(counts) if len(counts) == len(found) else None
                shown = f"{median:.0f}" if median else f"{counts} of {len(found)} runs" if counts else "not caught"
                words = sorted({one[1].split(":")[0] for one in found if one})
                print(f"| {name} | {shown} | {', '.join(words)} | {by_model(binary)} |", flush=True)
            file.write_text(text)
        return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
