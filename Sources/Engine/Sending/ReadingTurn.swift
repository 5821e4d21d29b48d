/// Reads what a connection has to say, up to a bound: a relay that talks without end must not keep the
/// thread from the others.
///
/// | the source | the turn ends |
/// |---|---|
/// | has nothing now, or gave less than asked for and tells poll(2) of the rest | ``End/dry`` |
/// | is at its end | ``End/closed`` |
/// | has said more than anybody wants to hear | ``End/deaf`` |
/// | has given as much as one turn allows | ``End/full``: the rest has its turn later |
enum ReadingTurn {
    static let octets = 65_536

    enum End: Equatable {
        case dry, closed, deaf, full
    }

    /// - Parameters:
    ///   - most: what one read may bring.
    ///   - showsRest: poll(2) tells of what a read left behind. TLS keeps bytes that the socket no
    ///     longer shows.
    ///   - read: how many octets came; nil if nothing is there now, 0 at the end.
    ///   - hear: takes them; false if nothing more is wanted.
    static func run<Failure: Error>(
        most: Int, showsRest: Bool, read: () throws(Failure) -> Int?, hear: (Int) -> Bool
    ) throws(Failure) -> End {
        var left = octets
        while left > 0 {
            guard let count = try read() else { return .dry }
            guard count > 0 else { return .closed }
            guard hear(count) else { return .deaf }
            if showsRest, count < most { return .dry }
            left -= count
        }
        return .full
    }
}
