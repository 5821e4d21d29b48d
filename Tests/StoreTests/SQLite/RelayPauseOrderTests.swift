import Delivery
import Store
import Testing

/// An order that nobody has followed yet, and one behind it.
struct RelayPauseOrderTests {
    private func order(_ mail: Int64, _ sender: String, isAccused: Bool) -> RelayPauseOrder {
        let accusation = Accusation(
            mail: mail, sender: sender, helpdeskID: "h", isOfSender: true)
        return RelayPauseOrder(
            kind: .system, error: .later, at: epoch, accusation: isAccused ? accusation : nil,
            mail: mail, sender: sender)
    }

    @Test func `the first order stands as it is`() {
        #expect(order(1, "a@x.test", isAccused: true).after(nil).accusation?.sender == "a@x.test")
        #expect(order(1, "a@x.test", isAccused: false).after(nil).accusation == nil)
    }

    @Test func `a further refusal of the accused sender clears nobody else`() {
        let first = order(1, "a@x.test", isAccused: true)
        let next = order(2, "a@x.test", isAccused: false).after(first)
        #expect(next.accusation?.sender == "a@x.test" && next.accusation?.isOfSender == true)
    }

    @Test func `a refusal of another sender accuses both`() {
        let first = order(1, "a@x.test", isAccused: true)
        let next = order(2, "b@x.test", isAccused: true).after(first)
        #expect(next.accusation?.sender == "a@x.test" && next.accusation?.others == ["b@x.test"])
    }

    @Test func `where nobody was accused it stays the relay`() {
        let first = order(1, "a@x.test", isAccused: false)
        #expect(order(2, "b@x.test", isAccused: true).after(first).accusation == nil)
    }
}
