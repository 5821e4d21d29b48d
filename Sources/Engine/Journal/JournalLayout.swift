internal import Delivery

/// How an in-flight journal is laid out.
///
/// All numbers are in the machine's byte order: the file never leaves it.
///
///     header   4,096 bytes: magic with the version, counts, boot id, sign of life
///     records  `recordCount` of 1,024 bytes: one mail under way each
///     areas    `areaCount` of `areaSize` bytes: the copy of a mail whose final dot is announced
struct JournalLayout: Equatable {
    var recordCount: Int
    var areaCount: Int
    var areaSize: Int

    static let magic: UInt64 = 0x6F75_7462_6F78_6401  // "outboxd", 1
    static let headerSize = 4_096
    static let recordSize = 1_024
    static let largestFile = 1 << 30

    /// Room for two thousand mails under way or not yet committed, and for one announced copy on each
    /// connection, those for ``Stragglers`` included, with some to spare for those whose reply never
    /// came.
    init(connections: Int) {
        recordCount = 2_048
        areaCount = Stragglers.mostOpen(limit: connections)
        areaSize = 49_152
    }

    /// From a file's header, which is not to be trusted.
    init?(recordCount: Int, areaCount: Int, areaSize: Int) {
        guard (1...65_536).contains(recordCount), (1...100_000).contains(areaCount),
            (1...(1 << 24)).contains(areaSize)
        else { return nil }
        self.recordCount = recordCount
        self.areaCount = areaCount
        self.areaSize = areaSize
        guard size <= Self.largestFile else { return nil }
    }

    var size: Int { Self.headerSize + recordCount * Self.recordSize + areaCount * areaSize }

    func record(_ index: Int) -> Int { Self.headerSize + index * Self.recordSize }
    func area(_ index: Int) -> Int {
        Self.headerSize + recordCount * Self.recordSize + index * areaSize
    }
}

/// Where in the header each field lies, in bytes.
enum JournalHeader {
    /// Written last: a file without it says nothing.
    static let magic = 0
    static let recordCount = 8
    static let areaCount = 12
    static let areaSize = 16
    static let bootIDLength = 20
    static let bootID = 24
    static let bootIDCapacity = 64
    /// The sending thread's last turn: `CLOCK_BOOTTIME`, nanoseconds; 0 in the first edition's files.
    static let beat = 96
    /// The process's `OUTBOXD_LEASE`, milliseconds.
    static let lease = 104
    /// The newest step of the tables that the process knows, and beyond which it stops by itself; 0 in editions
    /// that do not look.
    static let step = 112
    /// The number in the file's own name, so that notes under another's name count for nothing; 0 in editions that
    /// do not say it.
    static let nameNumber = 120
}

/// Where in a record each field lies, in bytes.
enum JournalField {
    /// State (low 8 bits) and use number: the word that two processes agree over.
    static let word = 0
    static let mailID = 8
    static let token = 16
    /// Wall clock, milliseconds, of the reply.
    static let repliedAt = 24
    static let checksum = 32
    static let messageLength = 40
    static let area = 44
    static let replyCode = 48
    static let enhanced = 52  // three UInt16
    static let replyLength = 58
    static let senderLength = 60
    static let recipientLength = 62
    static let needsSMTPUTF8 = 64
    static let reply = 72
    static let replyCapacity = JournalLayout.recordSize - reply
}

/// What a record says of its mail.
enum JournalState: UInt64 {
    case free = 0
    /// In a dialogue; the final dot has not been announced: certainly not accepted.
    case taken = 1
    /// The dot may have gone out: accepted or not, nobody knows.
    case announced = 2
    /// The relay's reply to the dot has been read.
    case replied = 3
    /// Another process has taken the mail over: the dot must not go out.
    case revoked = 4
}
