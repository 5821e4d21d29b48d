import Synchronization

/// A switch that a relay's rule looks at.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }
    func set(_ isSet: Bool) { value.store(isSet, ordering: .sequentiallyConsistent) }
}
