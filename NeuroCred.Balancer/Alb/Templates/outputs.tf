# {{mark}}

output "dns_name" {
  description = "What {{server_name}} is an alias of."
  value       = aws_lb.gateway.dns_name
}

output "zone_id" {
  description = "The hosted zone of that name, for an alias record in Route 53."
  value       = aws_lb.gateway.zone_id
}

output "api_security_group_id" {
  description = "Whom Postgres and Redis have to let in."
  value       = aws_security_group.api.id
}

output "nginx_security_group_id" {
  description = "To which a rule lets in who may see the monitor, on port {{monitor_port}}. The monitor asks nobody for a key."
  value       = aws_security_group.nginx.id
}

output "migrate" {
  description = "Brings the schema up to date for the image. To be run, and waited for, before the service gets that image."
  value = join(" ", [
    "aws ecs run-task --launch-type FARGATE",
    "--cluster ${aws_ecs_cluster.this.name}",
    "--task-definition ${aws_ecs_task_definition.migration.arn}",
    "--network-configuration '${jsonencode({ awsvpcConfiguration = {
      subnets        = var.private_subnet_ids
      securityGroups = [aws_security_group.api.id]
      assignPublicIp = "DISABLED"
    } })}'",
  ])
}
