/// What strangers may take of a server.
package struct HTTPLimits: Sendable {
    /// Connections at a time; the next gets 503.
    package var connections = 16
    /// From the first moment that a request can be heard to its end, and for taking the answer.
    package var patience: Duration = .seconds(5)
    /// Between two requests on one connection: longer than most pauses between scrapes.
    package var idle: Duration = .seconds(90)
    /// After the last answer, until the other side has closed too.
    package var leave: Duration = .seconds(1)
    /// At most `busy` of each `window` is worked: whatever comes in, the mail has the machine.
    package var window: Duration = .milliseconds(100)
    package var busy: Duration = .milliseconds(20)

    /// Before a port that could not be had is tried again; it doubles, up to half a minute.
    package var listenPause: Duration = .seconds(1)

    package init() {}
}
