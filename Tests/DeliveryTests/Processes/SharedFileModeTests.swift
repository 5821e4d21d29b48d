import Delivery
import Testing

/// Each line of the table of ``SharedFileMode/mode(ofDatabase:hasItsGroup:)``.
@Test(
    arguments: [
        (0o644, true, 0o644), (0o660, true, 0o660), (0o666, true, 0o666), (0o440, true, 0o640),
        (0o660, false, 0o600), (0o664, false, 0o644), (0o666, false, 0o666), (0o6770, true, 0o660),
        (0o100660, true, 0o660), (0, false, 0o600),
    ] as [(UInt32, Bool, UInt32)])
func `a file beside the database is for those who may use the database`(
    database: UInt32, hasItsGroup: Bool, file: UInt32
) {
    #expect(SharedFileMode.mode(ofDatabase: database, hasItsGroup: hasItsGroup) == file)
}
