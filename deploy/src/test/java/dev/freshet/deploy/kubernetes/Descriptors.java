package dev.freshet.deploy.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Kubernetes descriptors, read against the types of its API: a field that the API does not know is an error. */
record Descriptors(List<HasMetadata> all) {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/Service", Service.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Secret", Secret.class,
            "apps/v1/Deployment", Deployment.class,
            "batch/v1/Job", Job.class,
            "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class);

    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated annotated) {
                    // the model's classes take any field through one; those of maps, such as labels, are no such
                    // setters
                    return annotated instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(annotated);
                }
            });

    static Descriptors parse(String documents) throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        try (var values = STRICT.readerFor(JsonNode.class).<JsonNode>readValues(documents)) {
            while (values.hasNext()) {
                JsonNode document = values.next();
                String kind = document.path("apiVersion").asText() + "/"
                        + document.path("kind").asText();
                if (!KINDS.containsKey(kind)) {
                    throw new IOException("no kind that is expected: " + kind);
                }
                all.add(STRICT.treeToValue(document, KINDS.get(kind)));
            }
        }
        return new Descriptors(all);
    }

    <T extends HasMetadata> T the(Class<T> type, String name) {
        return of(type).filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    /** The one whose name is {@code name} and a hash of what it holds. */
    <T extends HasMetadata> T generated(Class<T> type, String name) {
        return of(type).filter(object -> object.getMetadata().getName().matches(name + "-[a-z0-9]{10}"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name + "-..."));
    }

    <T extends HasMetadata> Stream<T> of(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast);
    }

    List<PodTemplateSpec> pods() {
        return Stream.concat(
                        of(Deployment.class)
                                .map(deployment -> deployment.getSpec().getTemplate()),
                        of(Job.class).map(job -> job.getSpec().getTemplate()))
                .toList();
    }
}
