internal import Delivery
internal import Service
internal import Store

/// A restored database in words.
enum RestoreText {
    static let end = "outboxd resume --restored"

    /// What shows it.
    static func sign(_ sign: RestoreSign) -> String {
        switch sign {
        case .newer: "the number beside the database counts mail that the database knows nothing of"
        case .foreign: "the number beside the database is another database's"
        case .missing: "the number beside the database is missing, as in a copy"
        case .damaged: "the number beside the database is damaged"
        }
    }

    /// `the database was restored from an older state, noticed at 03:12 UTC; everything is held`.
    static func held(_ restoration: OutboxView.Restoration, _ time: TimeText) -> String {
        let noticed = restoration.since.map { ", noticed at \(time.short($0))" } ?? ""
        return "the database was restored from an older state\(noticed): everything is held, "
            + "since some of it may have been sent"
    }

    /// How much would go.
    static func rows(_ count: Int, isEstimate: Bool = false) -> String {
        let about = isEstimate ? "about " : ""
        return count == 1 ? "\(about)1 row would go out" : "\(about)\(count) rows would go out"
    }

    /// Since when what was sent is not known.
    static func lastSent(_ restoration: OutboxView.Restoration, _ time: TimeText) -> String {
        restoration.lastSentAt.map { "the last mail that it knows of was sent at \(time.full($0))" }
            ?? "it knows of no mail that was sent"
    }

    static let advice =
        "`outboxd list --reason restored` shows what would go, `outboxd cancel` takes back what was sent, "
        + "`\(end)` lets the rest go"
}
