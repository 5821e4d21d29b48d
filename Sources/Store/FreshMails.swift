internal import Delivery

/// The fresh mails of a transaction: ingest sets them aside, and the claim behind it sends most of them.
///
/// Such a mail is written once, as being sent, instead of twice.
/// Whatever is not sent at once is written down as waiting before anything else looks for it, and at the latest
/// before the transaction ends: see `SQLiteStore+Fresh.swift`.
struct FreshMails {
    private struct Conversation: Hashable {
        var id: String
        var recipient: String

        init(_ key: MailKey) { (id, recipient) = (key.conversationID, key.recipient) }
    }
    /// In the order of their ids; some may be taken.
    private var mails: [FreshMail] = []
    /// Of all helpdesks: nearly always there is one at most.
    private var conversations: [Conversation: [FreshMail]] = [:]
    /// The mails of each line and class, those that are due for longest last.
    private var places: [Line.Place: [FreshMail]]?
    /// A mail that is to be written down as being sent, and by whom.
    typealias Claimed = (mail: FreshMail, mark: MailTable.ClaimMark)
    /// In the order of their claims.
    private var claimed: [Claimed] = []
    /// How many there may be.
    private(set) var room = 0
    private(set) var count = 0

    var hasRoom: Bool { count < room }

    /// - Parameter room: How many of them a claim could take.
    mutating func begin(room: Int) {
        self = FreshMails()
        self.room = room
    }

    /// The mail's conversation and recipient have no other open mail.
    mutating func add(_ mail: FreshMail) {
        conversations[Conversation(mail.waiting.key), default: []].append(mail)
        mails.append(mail)
        places = nil
        count += 1
    }

    /// Takes the mail of the same conversation and recipient, whatever its audience.
    mutating func take(besides key: MailKey) -> FreshMail? {
        guard count > 0,
            let mail = conversations[Conversation(key)]?.first(where: {
                !$0.isTaken && $0.waiting.key.helpdeskID == key.helpdeskID
            })
        else { return nil }
        take(mail)
        return mail
    }

    /// The one of the line that has been due for longest.
    mutating func first(_ line: Int64, _ turn: TurnClass) -> FreshMail? {
        guard count > 0 else { return nil }
        if places == nil { places = sorted() }
        let place = Line.Place(line: line, turn: turn)
        while let mail = places?[place]?.last {
            if !mail.isTaken { return mail }
            places?[place]?.removeLast()
        }
        return nil
    }

    mutating func take(_ mail: FreshMail) {
        mail.isTaken = true
        count -= 1
    }

    /// One that was taken is claimed: it is written down with others.
    mutating func claim(_ mail: FreshMail, _ mark: MailTable.ClaimMark) {
        claimed.append((mail, mark))
    }

    mutating func takeClaimed() -> [Claimed] {
        let all = claimed
        claimed.removeAll(keepingCapacity: true)
        return all
    }

    /// Takes all, in the order of their ids.
    mutating func takeAll() -> [FreshMail] {
        let all = count == 0 ? [] : mails.filter { !$0.isTaken }
        self = FreshMails()
        return all
    }

    private func sorted() -> [Line.Place: [FreshMail]] {
        var found: [Line.Place: [FreshMail]] = [:]
        for mail in mails.reversed() where !mail.isTaken {
            found[Line.Place(line: mail.waiting.line, turn: mail.waiting.turn), default: []].append(
                mail)
        }
        // Nearly always they are: rows fall due in the order of their ids.
        return found.mapValues { mails in
            zip(mails, mails.dropFirst()).allSatisfy(Self.isDueLater)
                ? mails : mails.sorted(by: Self.isDueLater)
        }
    }

    private static func isDueLater(_ one: FreshMail, _ other: FreshMail) -> Bool {
        other.waiting.isBefore(one.waiting)
    }
}
