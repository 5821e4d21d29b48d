/// Elements of several owners that take turns, one element each; an owner's own stay in their order.
///
/// Example: A has 20,000 and B adds one. B's is the second to go.
///
/// All operations take constant time. Inlinable for the reason that ``Fifo`` gives.
public struct Rotation<Element> {
    @usableFromInline var waiting: [String: Fifo<Element>] = [:]
    /// The owners, in the order of their turns.
    @usableFromInline var owners = Fifo<String>()
    @usableFromInline var counted = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { owners.isEmpty }
    @inlinable public var count: Int { counted }
    @inlinable public var ownerCount: Int { owners.count }

    /// Takes time in proportion to what waits.
    @inlinable public func count(where predicate: (Element) -> Bool) -> Int {
        waiting.values.reduce(0) { $0 + $1.count(where: predicate) }
    }

    @inlinable public mutating func append(_ element: Element, of owner: String) {
        counted += 1
        // Looked up once: of a burst that is read ahead this is done for each row.
        if let known = waiting.index(forKey: owner) {
            waiting.values[known].append(element)
            return
        }
        owners.append(owner)
        var own = Fifo<Element>()
        own.append(element)
        waiting[owner] = own
    }

    /// Takes the first of the owner whose turn it is; nil if none waits.
    @inlinable public mutating func popFirst() -> Element? { popNext()?.element }

    /// The same, with its owner.
    @inlinable public mutating func popNext() -> (element: Element, owner: String)? {
        guard let owner = owners.popFirst(), var own = waiting.removeValue(forKey: owner),
            let element = own.popFirst()
        else { return nil }
        if !own.isEmpty {
            waiting[owner] = own
            owners.append(owner)
        }
        counted -= 1
        return (element, owner)
    }
}

extension Rotation: Sendable where Element: Sendable {}
