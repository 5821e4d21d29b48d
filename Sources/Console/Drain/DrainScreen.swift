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
    private var countAgainAt: SteadyTime?
    private var total: Int?

    private static let interval: Duration = .seconds(5)
    private static let counting: Duration = .seconds(3)
    /// Counting takes no more than this part of the time.
    ///
    /// It reads each row that is not ingested yet, on a core that the drain could use. A million rows take most of
    /// a second.
    private static let mostCounting = 20

    init(_ kind: Kind, _ tally: Tally, limit: Int?, countLeft: @escaping () -> Int?) {
        self.kind = kind
        self.tally = tally
        self.limit = limit
        self.countLeft = countLeft
    }

    mutating func show(at now: SteadyTime) {
        pace.add(tally.line.done, at: now)
        switch kind {
        case .live:
            for cause in tally.takeNews() { say(cause) }
            let text = line(at: now).text(width: Terminal.progressWidth)
            guard text != shown else { return }
            shown = text
            Terminal.progress(Self.clear + text)
        case .dumb:
            for cause in tally.takeNews() { say(cause) }
            if let text = textInTime(now) { say(text) }
        case .piped: if let text = textInTime(now) { say(text) }
        case .log(let log):
            guard let text = textInTime(now) else { return }
            log.log(.drainProgress, ["progress": "\(text)"])
        }
    }

    private static let clear = "\r\u{1B}[K"

    /// A line of its own.
    mutating func say(_ text: String) {
        guard case .live = kind else { return Terminal.complain(text) }
        Terminal.progress(Self.clear + Escaping.printable(text, limit: 1_000) + "\n")
        shown = ""
    }

    /// The first line comes after an interval: a short drain has its summary, and nothing is counted for it.
    private mutating func textInTime(_ now: SteadyTime) -> String? {
        guard let last = shownAt else {
            shownAt = now
            return nil
        }
        guard last + Self.interval <= now else { return nil }
        let text = line(at: now).text
        guard text != shown else { return nil }
        (shown, shownAt) = (text, now)
        return text
    }

    private mutating func line(at now: SteadyTime) -> DrainLine {
        var line = tally.line
        let done = line.done
        if countAgainAt.map({ $0 <= now }) ?? true {
            let began = SystemClock().steadyNow()
            // What ended while it was counted may be in both, or in neither.
            if let left = countLeft(), tally.line.done == done || total == nil {
                total = done + left
            }
            let took = SystemClock().steadyNow() - began
            countAgainAt = now + max(Self.counting, took * Self.mostCounting)
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
