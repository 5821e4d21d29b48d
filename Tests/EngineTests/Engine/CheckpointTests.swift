import Delivery
import Engine
import Glibc
import SQLite
import TestSupport
import Testing

/// How often the log has begun anew: octets 12 to 15 of its head.
/// https://sqlite.org/fileformat2.html#the_write_ahead_log
private func logNumber(_ database: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 4)
    let file = open(database + "-wal", O_RDONLY | O_CLOEXEC)
    defer { close(file) }
    return pread(file, &bytes, 4, 12) == 4 ? bytes : []
}

/// Nobody else does: outboxd has no automatic checkpoints, and the log would grow without end.
@Test func `a daemon copies the log back, whoever filled it`() throws {
    let bed = try EngineBed()
    try bed.server.execute("PRAGMA wal_autocheckpoint = 0")
    try bed.server.execute("CREATE TABLE filler (x)")
    let engine = try bed.start()
    let first = try bed.insert()
    #expect(try bed.waitFor("sent", first))
    let number = logNumber(bed.path)
    #expect(number.count == 4)
    try bed.server.execute("INSERT INTO filler VALUES (zeroblob(6000000))")
    #expect(logNumber(bed.path) == number)
    let second = try bed.insert("m2", conversation: "d")
    #expect(try bed.waitFor("sent", second))
    #expect(
        try eventually {
            try bed.server.execute("INSERT INTO filler VALUES (1)")
            return logNumber(bed.path) != number
        })
    #expect(bed.stop(engine) == .stopped)
}
