/// Finds the ``TextBlock``s of a text, line by line.
struct TextBlockBuilder {
    private enum Kind { case paragraph, list, code }

    private let text: [UInt8]
    private var blocks: [TextBlock] = []
    private var kind = Kind.paragraph
    private var lines: [Range<Int>] = []
    private var emptyLines = 0
    /// What began the block of code that goes on; without its end it goes on to the end of the text.
    private var fence: CodeFence?
    private var takesFences = true
    private var entries = 0
    /// Of the last entry that has one: the next goes on with its list, whatever stands between them.
    private var number = 0
    /// What is indented belongs to the last entry, until a line is not.
    private var isInList = false
    /// The last block is code without fences.
    private var isInCode = false
    /// No line further on ends a block of code: it is looked for once.
    private var hasNoFenceBehind: Bool

    /// What comes after so many is paragraphs: each block costs 200 octets of HTML, whatever is in it.
    private static let mostBlocks = 100
    private static let mostEntries = 300

    init(_ text: [UInt8]) {
        self.text = text
        let backquote = text.span.first(from: 0, limit: text.count) { $0.equal(to: 0x60) }
        hasNoFenceBehind = backquote == text.count
    }

    mutating func build() -> [TextBlock] {
        var start = 0
        while start < text.count {
            let end = endOfLine(from: start)
            take(start..<end)
            start = end + 1
        }
        if fence != nil, !looksLikeCode { takeWithoutFences(lines) }
        finish()
        return blocks
    }

    /// A stray mark makes no code of the letter behind it.
    private mutating func takeWithoutFences(_ all: [Range<Int>]) {
        fence = nil
        lines = []
        kind = .paragraph
        takesFences = false
        for line in all { take(line) }
    }

    private mutating func take(_ line: Range<Int>) {
        if let open = fence {
            lines.append(line)
            if open.isClosed(by: text[line]) { endFence() }
            return
        }
        if line.isEmpty {
            emptyLines += lines.isEmpty && blocks.isEmpty ? 0 : 1
            return
        }
        let first = text[line.lowerBound]
        let mayBeSpecial = first == 0x60 || first == 0x7E || ListMark.mayBegin(text[line])
        if mayBeSpecial, takesFences, blocks.count < Self.mostBlocks,
            let open = CodeFence(
                opening: text[line], isInList: kind == .list && !lines.isEmpty)
        {
            finish()
            kind = .code
            fence = open
            lines = [line]
            return
        }
        let next = mayBeSpecial ? kindOf(line) : .paragraph
        let head = next == .code && kind == .paragraph ? takeHead() : nil
        if next != kind || emptyLines > 0, !(next == .code && kind == .code) { finish() }
        emptyLines = 0
        kind = next
        isInList = next == .list || isInList && first <= 0x20
        if lines.isEmpty { lines.reserveCapacity(16) }
        if let head { lines.append(head) }
        lines.append(line)
        beginFence(behind: line)
    }

    private mutating func endFence() {
        finish(isFenced: true)
        fence = nil
    }

    /// The line stays what it is; what follows is code, if a line further on ends it.
    private mutating func beginFence(behind line: Range<Int>) {
        guard takesFences, !hasNoFenceBehind, kind != .code, blocks.count < Self.mostBlocks,
            let open = CodeFence(behind: text[line])
        else { return }
        guard isClosed(open, behind: line) else {
            hasNoFenceBehind = true
            return
        }
        finish()
        kind = .code
        fence = open
    }

    private func isClosed(_ open: CodeFence, behind line: Range<Int>) -> Bool {
        var start = line.upperBound + 1
        while start < text.count {
            let end = endOfLine(from: start)
            if open.isClosed(by: text[start..<end]) { return true }
            start = end + 1
        }
        return false
    }

    /// `def retry(n):` right before an indented line is code itself.
    private mutating func takeHead() -> Range<Int>? {
        guard emptyLines == 0, let last = lines.last, text[last].starts(withOneOf: Self.heads)
        else {
            return nil
        }
        return lines.removeLast()
    }

    private mutating func kindOf(_ line: Range<Int>) -> Kind {
        guard blocks.count < Self.mostBlocks else { return .paragraph }
        let mark = entries < Self.mostEntries ? ListMark(text[line]) : nil
        let next = isIndented(line) ? kindOfIndented(line, mark) : kindOfUsual(line, mark)
        if next == .list {
            entries += 1
            number = mark?.number ?? number
        }
        return next
    }

    private func kindOfUsual(_ line: Range<Int>, _ mark: ListMark?) -> Kind {
        // What is indented behind an entry goes on with it.
        if isInList, entries < Self.mostEntries, text[line].starts(with: [0x20, 0x20]) {
            return .list
        }
        guard let mark else { return .paragraph }
        // `the 12. of May` may be broken before its number.
        guard let next = mark.number, next > 1, next != number + 1, kind == .paragraph,
            emptyLines == 0, let last = lines.last
        else { return .list }
        return announces(last) ? .list : .paragraph
    }

    private func kindOfIndented(_ line: Range<Int>, _ mark: ListMark?) -> Kind {
        if kind == .code, !lines.isEmpty { return .code }
        let isAnnounced = lines.last.map(announces) ?? false
        let isApart = lines.isEmpty || emptyLines > 0
        if mark != nil { return isApart || isAnnounced ? .list : kind }
        if isAnnounced { return .code }
        // Right behind a line it goes on with it, and behind an entry it belongs to it.
        if !isApart { return kind }
        return isInList && indent(of: line) < Self.codeInList ? .list : .code
    }

    /// - Parameter isFenced: Code between two fences is code, whatever it looks like.
    private mutating func finish(isFenced: Bool = false) {
        defer {
            lines = []
            emptyLines = 0
        }
        guard let first = lines.first, let last = lines.last else {
            blocks.addEmptyLines(emptyLines)
            return
        }
        let code = first.lowerBound..<last.upperBound
        if isFenced {
            isInCode = false
            blocks.append(.code(code, emptyLines: emptyLines))
        } else if kind != .list, goesOnWithCode(text[first]) {
            blocks.goOn(withCodeTo: code.upperBound, emptyLines: emptyLines)
        } else {
            isInCode = looksLikeCode
            if isInCode {
                blocks.append(.code(code, emptyLines: emptyLines))
            } else {
                finishProse()
            }
        }
    }

    private var looksLikeCode: Bool {
        switch kind {
        case .list: false
        case .paragraph: CodeLook.isPlainlyCode(lines, of: text)
        case .code: CodeLook.isCode(lines.map { text[$0] })
        }
    }

    /// A function has empty lines in it.
    private func goesOnWithCode(_ line: ArraySlice<UInt8>) -> Bool {
        guard isInCode, let first = line.first else { return false }
        return first == 0x09 || line.starts(with: [0x20, 0x20]) || "})]".utf8.contains(first)
            || line.starts(with: "</".utf8)
    }

    /// Letters are indented as code is: each run of lines is a paragraph, and keeps its indent.
    private mutating func finishProse() {
        guard kind == .code else {
            blocks.append(lines, isList: kind == .list, emptyLines: emptyLines)
            return
        }
        var run: [Range<Int>] = []
        for line in lines where !line.isEmpty {
            let between = run.last.map { line.lowerBound - $0.upperBound - 1 } ?? 0
            if between > 0 {
                blocks.append(run, isList: isInList, emptyLines: between)
                run = []
            }
            run.append(line)
        }
        blocks.append(run, isList: isInList, emptyLines: emptyLines)
    }

    // MARK: Lines

    private func endOfLine(from start: Int) -> Int {
        text.span.first(from: start, limit: text.count) { $0.equal(to: 0x0A) }
    }

    private func isIndented(_ line: Range<Int>) -> Bool {
        text[line.lowerBound] == 0x09 || text[line].prefix(4).count { $0 == 0x20 } == 4
    }

    private func indent(of line: Range<Int>) -> Int {
        text[line].prefix(Self.codeInList).prefix { $0 == 0x20 }.count
    }

    /// What an entry is indented by, and four more (CommonMark 0.31, section 5.2): here whatever its mark is.
    private static let codeInList = 8

    /// `Run this:`; in some scripts the colon is a wide one.
    ///
    /// Not what is indented itself and no entry: that is part of a file, such as one of YAML.
    private func announces(_ line: Range<Int>) -> Bool {
        let rest = text[line].trimmedAtEnd
        guard rest.last == 0x3A || rest.suffix(3).elementsEqual("：".utf8) else { return false }
        return text[line.lowerBound] > 0x20 || ListMark(text[line]) != nil
    }

    /// What begins a line of Python that code is indented behind.
    private static let heads = ["def ", "async def ", "class "].map { Array($0.utf8) }
}

extension [TextBlock] {
    /// Joins the lines to the last block if that is of their kind and no empty line stands between.
    ///
    /// As a block of their own they would be shown behind a gap, though the writer left none.
    fileprivate mutating func append(_ lines: [Range<Int>], isList: Bool, emptyLines: Int) {
        let next: TextBlock
        switch (last, isList) {
        case (.paragraph(var all, 0), false):
            removeLast()
            all += lines
            next = .paragraph(all, emptyLines: emptyLines)
        case (.list(var all, 0), true):
            removeLast()
            all += lines
            next = .list(all, emptyLines: emptyLines)
        case (_, true): next = .list(lines, emptyLines: emptyLines)
        case (_, false): next = .paragraph(lines, emptyLines: emptyLines)
        }
        append(next)
    }

    fileprivate mutating func goOn(withCodeTo end: Int, emptyLines: Int) {
        guard case .code(let range, _) = popLast() else { return }
        append(.code(range.lowerBound..<end, emptyLines: emptyLines))
    }

    /// Behind the last block.
    fileprivate mutating func addEmptyLines(_ count: Int) {
        guard count > 0, let last = popLast() else { return }
        switch last {
        case .paragraph(let lines, let before):
            append(.paragraph(lines, emptyLines: before + count))
        case .list(let lines, let before): append(.list(lines, emptyLines: before + count))
        case .code(let range, let before): append(.code(range, emptyLines: before + count))
        }
    }
}
