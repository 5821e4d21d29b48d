import Delivery
import Store
import Testing

@testable import Engine

/// Who is next to be the first on a fresh connection, after 421.
struct FreshLineTests {
    private func line(_ mails: [OutgoingMail], onFresh: Bool = false) -> FreshLine {
        var line = FreshLine()
        for mail in mails {
            _ = line.turnedAway(mail, onFresh: onFresh, accepted: 0, othersCouldGo: true)
        }
        return line
    }

    private func next(
        _ line: FreshLine, othersWait: Bool = false, suspectIsUnderWay: Bool = false,
        waiting: [OutgoingMail] = []
    ) -> Int64? {
        line.next(othersWait: othersWait, suspectIsUnderWay: suspectIsUnderWay) { mail in
            waiting.contains { $0 === mail }
        }?.mail.mailID
    }

    private let mails = (1...3).map { SendingBed.mail($0) }

    /// A slow helpdesk's mail at the head of the line kept everybody else's there.
    @Test(arguments: [false, true])
    func `one that would crowd the others out is passed over`(onFresh: Bool) {
        var line = line(mails, onFresh: onFresh)
        #expect(next(line) == 1)
        #expect(next(line, waiting: [mails[0]]) == 2)
        #expect(next(line, waiting: mails) == nil)
        line.remove(mails[1])
        #expect(line.count == 2 && next(line, waiting: [mails[0]]) == 3)
        line.putBack(mails[1])
        #expect(line.count == 3 && next(line) == 2)
    }

    @Test func `suspects have one connection, and take turns with the others`() {
        var line = line(mails, onFresh: true)
        #expect(next(line, othersWait: true) == 1)
        #expect(next(line, suspectIsUnderWay: true) == nil)
        line.began(mails[0])
        #expect(next(line, othersWait: true) == nil && next(line) == 1)
        line.began(SendingBed.mail(4))
        #expect(next(line, othersWait: true) == 1)
    }

    @Test func `those of used connections go before suspects`() {
        var line = line([mails[0]], onFresh: true)
        _ = line.turnedAway(mails[1], onFresh: false, accepted: 0, othersCouldGo: true)
        #expect(next(line) == 2)
        #expect(next(line, waiting: [mails[1]]) == 1)
    }
}
