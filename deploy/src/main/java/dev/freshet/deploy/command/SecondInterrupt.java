package dev.freshet.deploy.command;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of a second Ctrl-C. Java itself takes no notice of it while its shutdown hooks run. The class that can is in {@code jdk.unsupported}, which every
 * JDK has; the compiler warns of it in a way that cannot be turned off, so it is called by name.
 */
final class SecondInterrupt implements InvocationHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SecondInterrupt.class);

    private final Runnable second;
    private final AtomicBoolean came = new AtomicBoolean();
    private volatile Object before;

    private SecondInterrupt(Runnable second) {
        this.second = second;
    }

    /** The first one does what it did before. Without effect where signals are not handled at all. */
    static void watch(Runnable second) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            SecondInterrupt ours = new SecondInterrupt(second);
            ours.before = signal.getMethod("handle", signal, handler)
                    .invoke(
                            null,
                            signal.getConstructor(String.class).newInstance("INT"),
                            Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, ours));
        } catch (InvocationTargetException e) {
            LOG.debug("a second Ctrl-C will not be noticed", e.getCause()); // Java was told to leave signals alone
        } catch (ReflectiveOperationException e) {
            LOG.debug("a second Ctrl-C will not be noticed", e);
        }
    }

    /** A signal has come, on a thread of its own; or somebody asks for what every object has. */
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws ReflectiveOperationException {
        if (method.getDeclaringClass() == Object.class) {
            return method.invoke(this, arguments);
        }
        if (came.getAndSet(true)) {
            second.run();
        } else {
            method.invoke(before, arguments);
        }
        return null;
    }
}
