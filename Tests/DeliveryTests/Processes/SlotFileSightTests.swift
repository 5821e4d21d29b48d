import Delivery
import Testing

/// Every line of the table of ``SlotFileSight/kind``: registered, and not.
@Test(
    arguments: [
        (
            SlotFileSight(isRegularFile: false, head: .ours(size: 10), size: 10), .stranger,
            .stranger
        ),
        (SlotFileSight(isDatabase: true, head: .ours(size: 10), size: 10), .stranger, .stranger),
        (SlotFileSight(head: .ours(size: 10), size: 10), .journal, .journal),
        (SlotFileSight(head: .ours(size: 10), size: 11), .journal, .journal),
        (SlotFileSight(head: .ours(size: 10), size: 9), .damaged, .stranger),
        (SlotFileSight(head: .ours(size: nil), size: 99), .damaged, .stranger),
        (SlotFileSight(head: .blank, age: .milliseconds(59_999)), .damaged, .newborn),
        (SlotFileSight(head: .blank, age: .seconds(-5)), .damaged, .newborn),
        (SlotFileSight(head: .blank, age: .seconds(60)), .damaged, .abandoned),
        (SlotFileSight(head: .other, size: 4_000_000, age: .seconds(999)), .stranger, .stranger),
    ] as [(SlotFileSight, SlotFileKind, SlotFileKind)])
func `a file with a slot file's name is what it shows`(
    _ sight: SlotFileSight, registered: SlotFileKind, unregistered: SlotFileKind
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
    ] as [(SlotFileKind, Bool, Bool, Bool)])
func `only what is ours is locked, read and deleted`(
    _ kind: SlotFileKind, isLocked: Bool, isRead: Bool, isDeleted: Bool
) {
    #expect(kind.mayLock == isLocked && kind.mayRead == isRead && kind.mayDelete == isDeleted)
}
