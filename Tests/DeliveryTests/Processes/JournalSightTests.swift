import Delivery
import Testing

/// Every line of the table of ``JournalSight/kind``: registered, and not.
@Test(
    arguments: [
        (
            JournalSight(isRegularFile: false, head: .ours(size: 10), size: 10), .stranger,
            .stranger
        ),
        (JournalSight(isDatabase: true, head: .ours(size: 10), size: 10), .stranger, .stranger),
        (JournalSight(head: .ours(size: 10), size: 10), .journal, .journal),
        (JournalSight(head: .ours(size: 10), size: 11), .journal, .journal),
        (JournalSight(head: .ours(size: 10), size: 9), .damaged, .stranger),
        (JournalSight(head: .ours(size: nil), size: 99), .damaged, .stranger),
        (JournalSight(head: .blank, age: .milliseconds(59_999)), .damaged, .newborn),
        (JournalSight(head: .blank, age: .seconds(-5)), .damaged, .newborn),
        (JournalSight(head: .blank, age: .seconds(60)), .damaged, .abandoned),
        (JournalSight(head: .other, size: 4_000_000, age: .seconds(999)), .stranger, .stranger),
    ] as [(JournalSight, JournalKind, JournalKind)])
func `a file with an in-flight journal's name is what it shows`(
    _ sight: JournalSight, registered: JournalKind, unregistered: JournalKind
) {
    var sight = sight
    #expect(sight.kind == unregistered)
    sight.isRegistered = true
    #expect(sight.kind == registered)
}

@Test(
    arguments: [
        (.journal, true, true, true), (.damaged, true, false, true),
        (.abandoned, true, false, true),
        (.newborn, false, false, false), (.stranger, false, false, false),
    ] as [(JournalKind, Bool, Bool, Bool)])
func `only what is ours is locked, read and deleted`(
    _ kind: JournalKind, isLocked: Bool, isRead: Bool, isDeleted: Bool
) {
    #expect(kind.mayLock == isLocked && kind.mayRead == isRead && kind.mayDelete == isDeleted)
}
