# {{mark}}
#
# NeuroCred's own nginx between the load balancer and the replicas, because the load balancer sends no request again.

resource "aws_service_discovery_private_dns_namespace" "this" {
  name        = "${var.name}.internal"
  description = "Where nginx finds the replicas"
  vpc         = var.vpc_id
}

# All replicas that are healthy. Of more than eight, an answer of Route 53 has eight.
resource "aws_service_discovery_service" "api" {
  name = "api"

  dns_config {
    namespace_id   = aws_service_discovery_private_dns_namespace.this.id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 1
    }
  }

  # ECS says which are healthy. AWS takes no other number, but without it the provider leaves the block out (its issue 44285).
  health_check_custom_config {
    failure_threshold = 1
  }
}

# An address where nobody is (RFC 5737), never healthy, and so never given while a replica is. Without it the name would not exist while no replica runs,
# and the DNS of a VPC remembers for minutes that a name does not exist.
resource "aws_service_discovery_instance" "nobody" {
  instance_id = "nobody"
  service_id  = aws_service_discovery_service.api.id

  attributes = {
    AWS_INSTANCE_IPV4      = "192.0.2.1"
    AWS_INIT_HEALTH_STATUS = "UNHEALTHY"
  }
}

locals {
  replicas = "${aws_service_discovery_service.api.name}.${aws_service_discovery_private_dns_namespace.this.name}"
  gateway  = "${path.module}/gateway"

  # Writes the files of the folder gateway, so that nginx's image is used as it is, and starts nginx.
  gateway_command = join("\n", concat(
    [for file in sort(fileset(local.gateway, "**")) : "install -D /dev/stdin '/tmp/gateway/${file}' <<'END OF FILE'\n${file("${local.gateway}/${file}")}END OF FILE"],
    ["exec /bin/sh /tmp/gateway/start.sh"],
  ))
}

resource "aws_ecs_task_definition" "nginx" {
  family                   = "${var.name}-nginx"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  # For the log that nginx writes and the monitor reads, on the task's disk.
  volume {
    name = "log"
  }

  container_definitions = jsonencode([
    merge(local.container, {
      name         = "nginx"
      image        = var.nginx_image
      user         = "101"
      entryPoint   = ["/bin/sh", "-ec"]
      command      = [local.gateway_command]
      portMappings = [{ containerPort = {{gateway_port}}, protocol = "tcp" }]
      stopTimeout  = {{gateway_stop_timeout}}
      # Shares: when the processor is not enough for both, nginx gets seven eighths of it.
      cpu = 224
      # Its files are below /tmp, and Fargate has no memory to mount there.
      readonlyRootFilesystem = false

      mountPoints = [{ sourceVolume = "log", containerPath = "{{log_folder}}" }]
      dependsOn   = [{ containerName = "log-folder", condition = "SUCCESS" }]

      environment = [
        { name = "REPLICAS", value = local.replicas },
      ]
    }),
    # Follows the log of the nginx beside it, watches that and all replicas, and says what is wrong. nginx serves on when it ends, and serve-always starts
    # it again. ECS's own restartPolicy would not do so for one that ended within a minute of its start.
    merge(local.container, {
      name        = "monitor"
      image       = var.monitor_image
      essential   = false
      user        = "101"
      entryPoint  = ["serve-always"]
      stopTimeout = {{gateway_stop_timeout}}
      cpu         = 32
      # A limit, so that nginx has the other half of the task's.
      memory = 256

      mountPoints = [{ sourceVolume = "log", containerPath = "{{log_folder}}" }]
      dependsOn   = [{ containerName = "log-folder", condition = "SUCCESS" }]

      environment = [
        {{monitor_environment}}
      ]
    }),
    # A volume belongs to root, and nobody else may write to it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
    merge(local.container, {
      name        = "log-folder"
      image       = var.nginx_image
      essential   = false
      user        = "0"
      entryPoint  = ["chmod"]
      command     = ["0777", "{{log_folder}}"]
      mountPoints = [{ sourceVolume = "log", containerPath = "{{log_folder}}" }]
    }),
  ])
}

resource "aws_ecs_service" "nginx" {
  name            = "${var.name}-nginx"
  cluster         = aws_ecs_cluster.this.id
  task_definition = aws_ecs_task_definition.nginx.arn
  launch_type     = "FARGATE"
  desired_count   = {{gateway_instances}}

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  availability_zone_rebalancing      = "ENABLED"
  wait_for_steady_state              = true

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  # One that starts is not judged before it could have become healthy.
  health_check_grace_period_seconds = {{grace_period}}

  load_balancer {
    target_group_arn = aws_lb_target_group.nginx.arn
    container_name   = "nginx"
    container_port   = {{gateway_port}}
  }

  network_configuration {
    subnets          = var.private_subnet_ids
    security_groups  = [aws_security_group.nginx.id]
    assign_public_ip = false
  }

  # How many there are is for autoscaling.tf.
  lifecycle {
    ignore_changes = [desired_count]

    # Otherwise an apply succeeds although the circuit breaker has brought the old version back.
    postcondition {
      condition     = self.task_definition == aws_ecs_task_definition.nginx.arn
      error_message = "The new nginx did not become healthy, and ECS has brought the old one back. See the service's events and the tasks' logs."
    }
  }

  # Without a listener the target group belongs to no load balancer, and ECS refuses the service; without replicas nginx is not healthy.
  depends_on = [aws_lb_listener.https, aws_ecs_service.api, aws_service_discovery_instance.nobody]
}
