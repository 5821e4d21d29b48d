import Delivery
import TestSupport
import Testing

struct TurnQueueTests {
    private func drain(_ queue: inout TurnQueue<String>) -> [String] { queue.removeAll() }

    @Test func `one helpdesk's thousand don't stand before another's one`() {
        var queue = TurnQueue<String>()
        for number in 0..<1_000 { queue.append("a\(number)", class: .instant, helpdesk: "a") }
        queue.append("b", class: .instant, helpdesk: "b")
        #expect(queue.popFirst() == "a0" && queue.popFirst() == "b" && queue.popFirst() == "a1")
        #expect(queue.count == 998)
    }

    /// "A single instant mail is among the next 2 × connections + 4/3 × (helpdesks with instant rows due)
    /// mails": what comes out of the queue before it is at most 4/3 of the helpdesks.
    @Test(arguments: [1, 2, 5, 30, 300])
    func `a single instant mail waits for no more than four thirds of the helpdesks`(helpdesks: Int)
    {
        var queue = TurnQueue<String>()
        for number in 0..<2_000 {
            queue.append("i", class: .instant, helpdesk: "h\(number % helpdesks)")
            queue.append("f", class: .first, helpdesk: "h")
            queue.append("r", class: .retry, helpdesk: "h")
        }
        for _ in 0..<17 { _ = queue.popFirst() }
        queue.append("one", class: .instant, helpdesk: "other")
        var before = 0
        while queue.popFirst() != "one" { before += 1 }
        #expect(before <= (4 * (helpdesks + 1) + 2) / 3)
    }

    @Test func `within a class and a helpdesk the order stays`() {
        var queue = TurnQueue<String>()
        for number in 0..<200 {
            queue.append("\(number)", class: .first, helpdesk: "\(number % 7)")
        }
        #expect(drain(&queue) == (0..<200).map(String.init))
        #expect(queue.isEmpty && queue.popFirst() == nil)
    }

    @Test func `what comes back goes first`() {
        var queue = TurnQueue<String>()
        queue.append("a", class: .instant, helpdesk: "h")
        queue.append("b", class: .first, helpdesk: "h")
        let first = queue.popFirst()
        #expect(first == "a")
        queue.giveBack("a")
        #expect(queue.count == 2 && drain(&queue) == ["a", "b"])
    }

    @Test(arguments: 0..<20)
    func `nothing is lost and nothing comes twice`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = TurnQueue<Int>()
        var inside: Set<Int> = []
        for number in 0..<3_000 {
            if Int.random(in: 0..<5, using: &random) < 3 {
                let turn = TurnClass(rawValue: Int64.random(in: 0...2, using: &random)) ?? .first
                let helpdesk = String(Int.random(in: 0..<9, using: &random))
                queue.append(number, class: turn, helpdesk: helpdesk)
                inside.insert(number)
            } else if let taken = queue.popFirst() {
                #expect(inside.remove(taken) != nil)
                if Int.random(in: 0..<10, using: &random) == 0 {
                    queue.giveBack(taken)
                    inside.insert(taken)
                }
            }
            #expect(queue.count == inside.count)
            if number.isMultiple(of: 50) {
                #expect(
                    queue.count { $0.isMultiple(of: 3) } == inside.count { $0.isMultiple(of: 3) })
                #expect(queue.behindCount { _ in true } == queue.behindCount)
            }
        }
        #expect(Set(queue.removeAll()) == inside)
    }
}
