/// Elements that wait for their turn: by ``Turns`` between the classes, and helpdesk by helpdesk within
/// the instant ones, so that one helpdesk's thousand don't stand before another's one.
///
/// Within a class and a helpdesk the order of arrival stays. All operations take constant time, but
/// ``removeAll()``. Inlinable for the reason that ``Fifo`` gives.
public struct TurnQueue<Element> {
    @usableFromInline var turns = Turns()
    @usableFromInline var instant = Rotation<Element>()
    @usableFromInline var first = Fifo<Element>()
    @usableFromInline var retry = Fifo<Element>()
    /// Those that go before all others: they were begun already and come back.
    @usableFromInline var returned = Fifo<Element>()
    @usableFromInline var counted = 0

    @inlinable public init() {}

    /// How many first attempts and retries wait.
    @inlinable public var behindCount: Int { first.count + retry.count }
    /// Takes time in proportion to what waits.
    @inlinable public func behindCount(where predicate: (Element) -> Bool) -> Int {
        first.count(where: predicate) + retry.count(where: predicate)
    }
    /// Takes time in proportion to what waits.
    @inlinable public func count(where predicate: (Element) -> Bool) -> Int {
        behindCount(where: predicate) + instant.count(where: predicate)
            + returned.count(where: predicate)
    }
    @inlinable public var isEmpty: Bool { counted == 0 }
    @inlinable public var count: Int { counted }

    @inlinable public mutating func append(
        _ element: Element, class turn: TurnClass, helpdesk: String
    ) {
        counted += 1
        switch turn {
        case .first: first.append(element)
        case .retry: retry.append(element)
        case .instant: instant.append(element, of: helpdesk)
        }
    }

    /// Puts one that had its turn before back to the front.
    @inlinable public mutating func giveBack(_ element: Element) {
        counted += 1
        returned.append(element)
    }

    /// Takes the one whose turn it is; nil if none waits.
    @inlinable public mutating func popFirst() -> Element? {
        if let element = returned.popFirst() {
            counted -= 1
            return element
        }
        let turn = turns.next(
            instant: !instant.isEmpty, first: !first.isEmpty, retry: !retry.isEmpty)
        guard let turn else { return nil }
        counted -= 1
        switch turn {
        case .instant: return instant.popFirst()
        case .first: return first.popFirst()
        case .retry: return retry.popFirst()
        }
    }

    /// Empties the queue.
    /// - Returns: its elements in the order of their turns.
    @inlinable public mutating func removeAll() -> [Element] {
        var all: [Element] = []
        while let element = popFirst() { all.append(element) }
        return all
    }
}
