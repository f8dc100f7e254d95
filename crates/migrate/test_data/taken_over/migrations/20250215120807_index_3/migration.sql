-- CreateIndex
CREATE INDEX "Thing0_ownerId_b_idx" ON "Thing0"("ownerId", "b");
