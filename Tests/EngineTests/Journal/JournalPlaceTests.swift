import CLinux
import Delivery
@testable import Engine
import Glibc
import TestSupport
import Testing

/// What somebody does to an in-flight journal while it is used.

@Test func `a process notices that its file was deleted, replaced or cut short`() throws {
    let bed = try JournalBed()
    let file = try bed.create()
    let path = bed.directory.file(file.name)
    try file.checkPlace()
    #expect(truncate(path, 4_096) == 0)
    #expect(throws: JournalGone.cutShort) { try file.checkPlace() }
    unlink(path)
    #expect(throws: JournalGone.deleted) { try file.checkPlace() }
    try bed.directory.write("something else", to: file.name)
    #expect(throws: JournalGone.deleted) { try file.checkPlace() }
}

/// Touching a page behind a file's end raises SIGBUS, which ends the process.
@Test(arguments: [0, 4_096, 100_000, 2_101_248])
func `a file that is cut short while it is read tells nothing, and kills nobody`(
    _ length: Int
) throws {
    let bed = try JournalBed()
    var file: InFlightJournal? = try bed.create()
    let name = try #require(file?.name)
    let slots = try [1, 2].map { try #require(file?.take(mailID: $0, token: $0)) }
    #expect(file?.announce(slots[1], mail: mail("out")) == true)
    file?.beat(SteadyTime(nanoseconds: 5))
    file = nil
    let dead = try bed.dead(name)
    #expect(dead.facts(revoking: [1, 2])?.count == 2)
    #expect(truncate(bed.directory.file(name), off_t(length)) == 0)
    #expect(dead.facts(revoking: [1, 2]) == nil && dead.copies().isEmpty)
    #expect(dead.lifeSign == nil)
}

@Test func `the last turn of the sending thread is told, and its lease`() throws {
    let bed = try JournalBed()
    let file = try InFlightJournal.create(
        besideDatabase: bed.database, connections: 1, bootID: "b", lease: .seconds(7))
    let other = try bed.alive(file.name)
    #expect(other.lifeSign == LifeSign(beatAt: nil, lease: .seconds(7)))
    file.beat(SteadyTime(nanoseconds: 77))
    #expect(other.lifeSign == LifeSign(beatAt: SteadyTime(nanoseconds: 77), lease: .seconds(7)))
}

@Test(arguments: [0o600, 0o640, 0o660, 0o666, 0o644] as [mode_t])
func `an in-flight journal gets the database's mode, whatever the umask`(_ mode: mode_t) throws {
    let bed = try JournalBed()
    try bed.directory.write("", to: "outbox.db")
    #expect(chmod(bed.database, mode) == 0)
    let file = try bed.create()
    var status = stat()
    #expect(stat(bed.directory.file(file.name), &status) == 0)
    #expect(status.st_mode & 0o7777 == mode)
}

@Test(.enabled(if: geteuid() == 0, "only root may give a file away"))
func `root's in-flight journal gets the database's owner and group`() throws {
    let bed = try JournalBed()
    try bed.directory.write("", to: "outbox.db")
    #expect(chown(bed.database, 65_534, 65_533) == 0)
    let file = try bed.create()
    var status = stat()
    #expect(stat(bed.directory.file(file.name), &status) == 0)
    #expect(status.st_uid == 65_534 && status.st_gid == 65_533)
}
