import Crash

/// Where a process can die, and what is left then: the table of `Crashes.md`.
enum CrashMatrix {
    static var lines: [CrashLine] {
        sending + starting + takingOver + others
    }

    static var cases: [CrashCase] {
        lines.flatMap { line in line.victims.map { CrashCase(line: line, victim: $0) } }
    }

    /// As it stands in the page.
    static var table: String {
        let head = [
            "the process …", "which", "dies at", "by then", "the relay says to the dot",
            "the relay has it", "in the end",
        ]
        let all = [head, head.map { _ in "---" }] + lines.map(\.cells)
        return all.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }

    // MARK: A mail

    private static func mail(
        _ point: CrashPoint, passage: Int = 1, _ words: String,
        answer: CrashLine.Answer = .accepts, had: Int = 0, end: CrashEnd = .sentOnce
    ) -> CrashLine {
        CrashLine(
            scene: .instant, point: point, passage: passage, words: words,
            victims: answer == .accepts ? [.run, .runBeside, .drain] : [.run], answer: answer,
            had: had, end: end)
    }

    private static let failed = CrashEnd(row: "failed/rejected", mails: 0)

    private static var sending: [CrashLine] {
        [
            mail(.ingestWritten, "the row is taken in, not committed"),
            mail(.claimWritten, "the mail is claimed, not committed"),
            mail(.epochWritten, "the same, and the epoch's number has grown"),
            mail(.epochCommitted, "the claim is committed, the epoch's file not raised"),
            mail(.epochRaised, "the claim is committed"),
            mail(.slotTaken, "a slot is taken, nothing said to the relay"),
            mail(.dotDue, "the relay waits for the message; its dot is not announced"),
            mail(.dotNoted, "the dot is announced, not written", end: .sentAgain),
            mail(.dotWritten, "the dot is written, no reply read", had: 1, end: .sentTwice),
            mail(
                .dotWritten, "the same, and the relay refuses the mail", answer: .refuses,
                end: .sentAgain),
            mail(
                .dotWritten, "the same, and the relay puts it off", answer: .defers, end: .sentAgain
            ),
            mail(.replyRead, "the reply is read, not noted", had: 1, end: .sentTwice),
            mail(.replyNoted, "the reply is noted", had: 1),
            mail(.replyNoted, "the same, and it refuses the mail", answer: .refuses, end: failed),
            mail(.replyNoted, "the same, and it puts the mail off", answer: .defers),
            mail(.outcomeWritten, "the outcome is written down, not committed", had: 1),
            mail(
                .outcomeWritten, "the same, and it is that the relay refuses the mail",
                answer: .refuses, end: failed),
            mail(
                .epochWritten, passage: 2, "the same, and the epoch's number has grown", had: 1),
            mail(
                .epochCommitted, passage: 2,
                "the outcome is committed, the epoch's file not raised", had: 1),
            mail(.epochRaised, passage: 2, "the outcome is committed, the slot not free", had: 1),
            mail(.slotFreed, "the slot is free", had: 1),
            CrashLine(
                scene: .held, point: .ingested, words: "the row is taken in", end: .sentOnce),
            CrashLine(
                scene: .large, point: .copiesKept, words: "its copy is kept, nothing sent",
                victims: [.run, .drain], end: .sentOnce),
            CrashLine(
                scene: .large, point: .dotWritten, words: "the dot is written, no reply read",
                victims: [.run, .drain], had: 1, end: .sentTwice),
            CrashLine(
                scene: .hastened, point: .reviewWritten, words: "it is due now, not committed",
                end: .sentOnce),
        ]
    }

    // MARK: The beginning

    private static var starting: [CrashLine] {
        let starts: [(CrashPoint, String)] = [
            (.journalMade, "its in-flight journal is there, no row names it"),
            (.registered, "a row names the journal"),
            (.epochFileWritten, "the epoch's file is written, without its name"),
            (.epochNoted, "the file has its name, and the database does not know"),
        ]
        let makes: [(CrashPoint, Int, String)] = [
            (.databaseMade, 1, "the file is there, without a table"),
            (.tablesMade, 1, "the API server's tables are made, not committed"),
            (.stepApplied, 1, "the first step is applied, not committed"),
            (.stepApplied, 11, "the eleventh is, not committed"),
            (.migrated, 1, "all is committed"),
        ]
        return starts.map { point, words in
            CrashLine(
                scene: .start, point: point, words: words, victims: [.run, .drain], end: .sentOnce)
        }
            + makes.map { point, passage, words in
                CrashLine(
                    scene: .newDatabase, point: point, passage: passage, words: words,
                    victims: [.migrate, .run], end: .sentOnce)
            } + [
                CrashLine(
                    scene: .oldDatabase, point: .stepApplied,
                    words: "the second step is applied, not committed", victims: [.migrate],
                    end: asBefore),
                CrashLine(
                    scene: .oldDatabase, point: .stepApplied, passage: 10,
                    words: "the eleventh is, not committed", victims: [.migrate], end: asBefore),
                CrashLine(
                    scene: .oldDatabase, point: .migrated, words: "all is committed",
                    victims: [.migrate], end: asBefore),
            ]
    }

    private static let asBefore = CrashEnd(row: "as before", mails: 0)

    // MARK: A takeover

    /// Where the first process dies; what the relay has then, and what is left when nothing more happens.
    private static let deaths: [(CrashPoint, had: Int, CrashEnd)] = [
        (.epochRaised, 0, .sentOnce), (.dotNoted, 0, .sentAgain), (.dotWritten, 1, .sentTwice),
        (.replyNoted, 1, .sentOnce),
    ]

    private static var takingOver: [CrashLine] {
        let points: [(CrashPoint, String)] = [
            (.revoked, "its notes are read, and nothing is written down"),
            (.outcomeWritten, "the outcome is written down, not committed"),
            (.takenOver, "the outcome is committed"),
            (.deadForgotten, "the dead one's row is deleted, its journal is not"),
            (.deadJournalRemoved, "its journal is deleted"),
        ]
        return deaths.flatMap { death, had, end in
            points.map { point, words in
                CrashLine(
                    scene: .takeover(of: death), point: point, words: words,
                    victims: death == .dotWritten ? [.run, .drain] : [.run], had: had, end: end)
            }
        } + [
            CrashLine(
                scene: .orphan, point: .orphanRemoved, words: "that one's journal is deleted",
                end: .sentOnce),
            CrashLine(
                scene: .frozen, point: .revoked,
                words: "the mail is revoked, and nothing is written down", end: .sentOnce),
            CrashLine(
                scene: .frozen, point: .takenOver, words: "the mail is taken over",
                end: .sentOnce),
        ]
    }

    // MARK: The rest

    private static var others: [CrashLine] {
        let gone = CrashEnd(row: "pruned", mails: 0)
        let leaving: [(CrashPoint, String)] = [
            (.signedOff, "its row is deleted"),
            (.logCopied, "the log is copied back"),
            (.journalRemoved, "its journal is deleted"),
        ]
        let copying: [(CrashPoint, String)] = [
            (.copyMade, "the copy's file is there, and empty"),
            (.copyWritten, "it is written and checked"),
            (.copySynced, "it is on the disk, without its name"),
            (.copyNamed, "it has two names"),
        ]
        return [
            CrashLine(
                scene: .oldRows, point: .pruneWritten, words: "the rows are deleted, not committed",
                victims: [.run, .prune], end: gone),
            CrashLine(
                scene: .oldRows, point: .pruned, words: "that is committed",
                victims: [.run, .prune], end: gone),
            CrashLine(
                scene: .otherHold, point: .shiftNoted,
                words: "the times have moved, not committed", end: .sentOnce),
            CrashLine(
                scene: .restored, point: .releaseNoted,
                words: "the epoch's file is raised, the release not committed", victims: [.resume],
                end: .sentOnce),
        ]
            + leaving.map { point, words in
                CrashLine(
                    scene: .leaving, point: point, words: words, victims: [.run, .drain], had: 1,
                    end: .sentOnce)
            }
            + copying.map { point, words in
                CrashLine(
                    scene: .backup, point: point, words: words, victims: [.backup], end: .sentOnce)
            }
    }
}
