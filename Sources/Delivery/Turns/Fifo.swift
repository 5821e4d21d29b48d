/// First in, first out, in constant time: what was taken from the front is dropped in bulk.
///
/// Public and inlinable: generic code that another module can't specialize looks its types up at each
/// call (10,000 instructions a mail), and Swift 6.3 hands over no bodies of what is only `package`.
public struct Fifo<Element> {
    @usableFromInline var elements: [Element?] = []
    @usableFromInline var head = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { head == elements.count }
    @inlinable public var count: Int { elements.count - head }

    /// Takes time in proportion to what waits.
    @inlinable public func count(where predicate: (Element) -> Bool) -> Int {
        elements[head...].count { $0.map(predicate) ?? false }
    }

    @inlinable public mutating func append(_ element: Element) { elements.append(element) }

    @inlinable public mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        if head >= 64, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }
}

extension Fifo: Sendable where Element: Sendable {}
