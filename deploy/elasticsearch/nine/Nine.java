import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * One node of Elasticsearch 9, until it is ended: HOME PORT. What its own launcher does, but for the entitlements, whose agent
 * nobody publishes. By reflection: the compiler here is older than the server's classes.
 */
public final class Nine {
    private static final String ROOT = "org.elasticsearch.";

    public static void main(String[] args) throws Exception {
        type("common.logging.LogConfigurator").getMethod("configureESLogging").invoke(null);
        Class<?> environments = type("env.Environment");
        Class<?> loaders = type("plugins.PluginsLoader");
        Object environment = environments.getConstructor(type("common.settings.Settings"), Path.class)
                .newInstance(settings(args[0], args[1]), Path.of(args[0], "config"));
        Object modules = loaders.getMethod("loadModulesBundles", Path.class)
                .invoke(null, environments.getMethod("modulesDir").invoke(environment));
        Object loader = loaders.getMethod("createPluginsLoader", Set.class, Set.class, Map.class)
                .invoke(null, modules, Set.of(), Map.of());
        Constructor<?> made = type("node.Node").getConstructor(environments, loaders);
        Object node = made.newInstance(environment, loader);
        type("node.Node").getMethod("start").invoke(node);
        new CountDownLatch(1).await();
    }

    private static Object settings(String home, String port) throws Exception {
        Object builder = type("common.settings.Settings").getMethod("builder").invoke(null);
        Method put = builder.getClass().getMethod("put", String.class, String.class);
        Map<String, String> values = Map.of(
                "path.home", home, "http.port", port, "network.host", "127.0.0.1", "transport.port", "0",
                "node.name", "nine", "cluster.name", "nine", "discovery.type", "single-node",
                "cluster.routing.allocation.disk.threshold_enabled", "false");
        for (Map.Entry<String, String> one : values.entrySet()) {
            put.invoke(builder, one.getKey(), one.getValue());
        }
        return builder.getClass().getMethod("build").invoke(builder);
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(ROOT + name);
    }
}
