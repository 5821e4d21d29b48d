internal import CLinux
internal import Delivery
internal import Glibc
internal import SMTP
internal import Store

/// The records and areas of a mapped in-flight journal, by the rules that make it safe to read after a
/// SIGKILL: what a state speaks of is written before the state is (release), and read after it
/// (acquire).
///
/// The state's word is the one thing that two processes change, by compare and exchange.
struct JournalMemory {
    let bytes: any JournalBytes
    let layout: JournalLayout
    /// That of the bytes: asked at every field.
    let base: UnsafeMutableRawPointer

    init(bytes: any JournalBytes, layout: JournalLayout) {
        self.bytes = bytes
        self.layout = layout
        base = bytes.base
    }

    // MARK: The word

    /// A state and the number of the use, so that a word never stands for an earlier use of its record.
    struct Word: Equatable {
        var state: JournalState
        var use: UInt64

        var raw: UInt64 { use << 8 | state.rawValue }

        init(_ state: JournalState, use: UInt64) {
            self.state = state
            self.use = use
        }

        init(raw: UInt64) {
            // An unknown state is that of a damaged file: nothing may be concluded from it.
            state = JournalState(rawValue: raw & 0xFF) ?? .announced
            use = raw >> 8
        }
    }

    func word(_ record: Int) -> Word { Word(raw: outboxd_atomic_load(wordAddress(record))) }

    func setWord(_ record: Int, _ word: Word) {
        outboxd_atomic_store(wordAddress(record), word.raw)
    }

    /// False if the word was not `expected` any more.
    func exchange(_ record: Int, _ expected: Word, for new: Word) -> Bool {
        outboxd_atomic_compare_exchange(wordAddress(record), expected.raw, new.raw) == 1
    }

    private func wordAddress(_ record: Int) -> UnsafeMutablePointer<UInt64> {
        (base + layout.record(record) + JournalField.word).assumingMemoryBound(to: UInt64.self)
    }

    // MARK: Fields

    func load<T>(_ record: Int, _ field: Int, as type: T.Type) -> T {
        base.load(fromByteOffset: layout.record(record) + field, as: type)
    }

    func store<T>(_ value: T, _ record: Int, _ field: Int) {
        base.storeBytes(of: value, toByteOffset: layout.record(record) + field, as: T.self)
    }

    /// Text cut to `limit` bytes, at whole characters; its length.
    func storeText(_ text: String, at offset: Int, limit: Int) -> Int {
        var text = text
        if text.utf8.count > limit {
            text = String(decoding: text.utf8.prefix(limit), as: UTF8.self)
            while text.utf8.count > limit { text.removeLast() }
        }
        return text.withUTF8 { bytes in
            if let start = bytes.baseAddress { memcpy(base + offset, start, bytes.count) }
            return bytes.count
        }
    }

    func loadText(at offset: Int, length: Int) -> String {
        String(
            decoding: UnsafeRawBufferPointer(start: base + offset, count: length),
            as: UTF8.self)
    }

    // MARK: The announced copy

    /// Whether an area holds the mail.
    ///
    /// A larger one is kept in the database before it is sent.
    func fits(_ mail: FrozenMail) -> Bool { Self.length(mail) <= layout.areaSize }

    private static func length(_ mail: FrozenMail) -> Int {
        mail.envelopeSender.utf8.count + mail.envelopeRecipient.utf8.count + mail.message.count
    }

    func storeMail(_ mail: FrozenMail, _ record: Int, area: Int) {
        let start = layout.area(area)
        let sender = storeText(mail.envelopeSender, at: start, limit: layout.areaSize)
        let recipient = storeText(mail.envelopeRecipient, at: start + sender, limit: 1_024)
        mail.message.withUnsafeBytes { bytes in
            if let from = bytes.baseAddress {
                memcpy(base + start + sender + recipient, from, bytes.count)
            }
        }
        store(Int32(area), record, JournalField.area)
        store(UInt16(sender), record, JournalField.senderLength)
        store(UInt16(recipient), record, JournalField.recipientLength)
        store(UInt32(mail.message.count), record, JournalField.messageLength)
        store(UInt8(mail.needsSMTPUTF8 ? 1 : 0), record, JournalField.needsSMTPUTF8)
        let copy = octets(start, sender + recipient + mail.message.count)
        store(JournalChecksum.sum(copy), record, JournalField.checksum)
    }

    /// The copy that a record announces; nil if it has none, or where its bytes are not the ones
    /// that were written (after a power failure).
    func loadMail(_ record: Int) -> FrozenMail? {
        let area = Int(load(record, JournalField.area, as: Int32.self))
        let sender = Int(load(record, JournalField.senderLength, as: UInt16.self))
        let recipient = Int(load(record, JournalField.recipientLength, as: UInt16.self))
        let length = Int(load(record, JournalField.messageLength, as: UInt32.self))
        guard (0..<layout.areaCount).contains(area), sender + recipient + length <= layout.areaSize
        else { return nil }
        let start = layout.area(area)
        let copy = octets(start, sender + recipient + length)
        let sum = load(record, JournalField.checksum, as: UInt64.self)
        guard sum == JournalChecksum.sum(copy) || sum == JournalChecksum.ofEarlierEdition(copy)
        else { return nil }
        return FrozenMail(
            envelopeSender: loadText(at: start, length: sender),
            envelopeRecipient: loadText(at: start + sender, length: recipient),
            needsSMTPUTF8: load(record, JournalField.needsSMTPUTF8, as: UInt8.self) != 0,
            message: [UInt8](
                UnsafeRawBufferPointer(
                    start: base + start + sender + recipient, count: length)))
    }

    private func octets(_ start: Int, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: count)
    }

    // MARK: The reply

    func storeReply(_ reply: SMTPReply, _ record: Int, at: WallTime) {
        let length = storeText(
            reply.text, at: layout.record(record) + JournalField.reply,
            limit: JournalField.replyCapacity)
        store(UInt16(length), record, JournalField.replyLength)
        store(Int32(reply.code), record, JournalField.replyCode)
        let enhanced = reply.enhanced ?? EnhancedStatusCode(0, 0, 0)
        store(UInt16(clamping: enhanced.classDigit), record, JournalField.enhanced)
        store(UInt16(clamping: enhanced.subject), record, JournalField.enhanced + 2)
        store(UInt16(clamping: enhanced.detail), record, JournalField.enhanced + 4)
        store(at.milliseconds, record, JournalField.repliedAt)
    }

    /// The reply that was noted: as clean as when it was read, since a damaged file may hold anything; nil if
    /// the code is none.
    func loadReply(_ record: Int) -> SMTPReply? {
        let code = Int(load(record, JournalField.replyCode, as: Int32.self))
        guard (200...599).contains(code) else { return nil }
        let enhanced = EnhancedStatusCode(
            Int(load(record, JournalField.enhanced, as: UInt16.self)),
            Int(load(record, JournalField.enhanced + 2, as: UInt16.self)),
            Int(load(record, JournalField.enhanced + 4, as: UInt16.self)))
        let length = min(
            Int(load(record, JournalField.replyLength, as: UInt16.self)), JournalField.replyCapacity
        )
        let text = UnsafeRawBufferPointer(
            start: base + layout.record(record) + JournalField.reply, count: length)
        return SMTPReply(
            code: code, enhanced: enhanced.classDigit == 0 ? nil : enhanced,
            text: ReplyText.clean(text))
    }
}
