import Delivery
import Testing

// "the copy goes out whole and unchanged, so that receivers can drop it, or not at all if every row
// has since been read or cancelled"
@Suite struct FrozenCopyTests {
    @Test func `it goes whole while one row is neither read nor cancelled`() {
        let rows: [OpenRow] = [
            .made(1, at: 0, readUpTo: 0, attempts: 1), .made(2, at: 1, cancelled: true),
            .made(3, at: 2),
        ]
        #expect(FrozenCopy(of: rows, at: wall(100)) == .goes)
    }

    @Test func `it does not go once every row was read or cancelled`() {
        let rows: [OpenRow] = [
            .made(2, at: 1, cancelled: true), .made(1, at: 0, readUpTo: 0, attempts: 1),
            .made(3, at: 2, suppressed: true),
        ]
        #expect(
            FrozenCopy(of: rows, at: wall(100))
                == .dropped([
                    Skip(row: 1, reason: .read), Skip(row: 2, reason: .cancelled),
                    Skip(row: 3, reason: .suppressed),
                ]))
    }

    @Test func `a marker in the future counts as now`() {
        let row = OpenRow.made(1, at: 50, readUpTo: 1_000)
        #expect(FrozenCopy(of: [row], at: wall(49)) == .goes)
        #expect(FrozenCopy(of: [row], at: wall(50)) == .dropped([Skip(row: 1, reason: .read)]))
    }

    @Test func `no row left, nothing to send`() {
        #expect(FrozenCopy(of: [], at: wall(0)) == .dropped([]))
    }
}
