internal import Delivery
internal import Service
internal import Store

/// What a drain shows while it runs, on stderr.
///
/// | stderr | |
/// |---|---|
/// | a terminal | one line that is written over; each new cause in a line of its own |
/// | a terminal that can't (`TERM=dumb`) | the line every five seconds; the causes |
/// | no terminal | the line every five seconds; the log tells the causes |
/// | no terminal, and the log is for programs | the same, as a message of the log |
struct DrainScreen {
    enum Kind {
        case live, dumb, piped, log(Log)
    }
    let kind: Kind
    let tally: Tally
    /// `--limit`.
    let limit: Int?
    /// How many mails are still to be sent, those under way included.
    let countLeft: () -> Int?
    private var pace = DrainPace()
    private var shown = ""
    private var shownAt: SteadyTime?
    private var countedAt: SteadyTime?
    private var total: Int?

    private static let interval: Duration = .seconds(5)
    private static let counting: Duration = .seconds(3)

    init(_ kind: Kind, _ tally: Tally, limit: Int?, countLeft: @escaping () -> Int?) {
        self.kind = kind
        self.tally = tally
        self.limit = limit
        self.countLeft = countLeft
    }

    mutating func show(at now: SteadyTime) {
        let line = line(at: now)
        switch kind {
        case .live:
            for cause in tally.takeNews() { say(cause) }
            let text = line.text(width: Terminal.progressWidth)
            guard text != shown else { return }
            shown = text
            Terminal.progress(Self.clear + text)
        case .dumb:
            for cause in tally.takeNews() { say(cause) }
            if isTime(line, at: now) { say(line.text) }
        case .piped: if isTime(line, at: now) { say(line.text) }
        case .log(let log):
            guard isTime(line, at: now) else { return }
            log.log(.drainProgress, ["progress": "\(line.text)"])
        }
    }

    private static let clear = "\r\u{1B}[K"

    /// A line of its own.
    mutating func say(_ text: String) {
        guard case .live = kind else { return Terminal.complain(text) }
        Terminal.progress(Self.clear + Escaping.printable(text, limit: 1_000) + "\n")
        shown = ""
    }

    /// The first line comes after an interval: a short drain has its summary.
    private mutating func isTime(_ line: DrainLine, at now: SteadyTime) -> Bool {
        guard let last = shownAt else {
            shownAt = now
            return false
        }
        guard last + Self.interval <= now, line.text != shown else { return false }
        (shown, shownAt) = (line.text, now)
        return true
    }

    private mutating func line(at now: SteadyTime) -> DrainLine {
        var line = tally.line
        let done = line.done
        pace.add(done, at: now)
        if countedAt.map({ $0 + Self.counting <= now }) ?? true {
            countedAt = now
            // What ended while it was counted may be in both, or in neither.
            if let left = countLeft(), tally.line.done == done || total == nil {
                total = done + left
            }
        }
        if let chosen = tally.chosenMails { total = chosen }
        line.total = total.map { min($0, limit ?? .max) }
        line.perMinute = pace.perMinute
        if let total = line.total { line.left = pace.left(total - done) }
        return line
    }

    /// The line is taken away: the summary follows.
    mutating func end(at now: SteadyTime) {
        switch kind {
        case .live:
            for cause in tally.takeNews() { say(cause) }
            Terminal.progress(Self.clear)
        case .dumb: for cause in tally.takeNews() { say(cause) }
        case .piped, .log: break
        }
    }
}
